package org.ongsung.transcript.index;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ongsung.transcript.line.SearchableLine;

/// A page of what was found.
///
/// @param lines newest first
/// @param next where older ones may be; null when everything was looked at
/// @param partial whether the search stopped because its time was up and not because the page was
///   full
public record FoundLines(List<SearchableLine> lines, @Nullable Cursor next, boolean partial) {
  public FoundLines {
    lines = List.copyOf(lines);
  }
}
