package org.ongsung.console.services;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ongsung.transcript.index.Cursor;
import org.ongsung.transcript.line.SearchableLine;
import org.ongsung.transcript.line.TranscriptLine;

/// A page of lines that were found, newest first.
///
/// @param next where older ones may be, or null
/// @param partial whether time was up before the page was full
public record FoundPage(List<Found> lines, @Nullable Cursor next, boolean partial) {
  /// One line with what is around it.
  ///
  /// @param seconds where it stands in its channel's recording
  /// @param marks pairs of begin and end of what was looked for in its text
  public record Found(
      SearchableLine line,
      double seconds,
      List<int[]> marks,
      List<TranscriptLine> before,
      List<TranscriptLine> after) {}
}
