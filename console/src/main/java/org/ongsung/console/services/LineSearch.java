package org.ongsung.console.services;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.Name;
import org.ongsung.model.SessionId;
import org.ongsung.transcript.index.Cursor;
import org.ongsung.transcript.line.Direction;

/// What somebody looks for in transcripts, as they asked; null and empty mean any.
///
/// @param text words, or a regular expression; empty for every line
/// @param group of the users
/// @param context how many lines before and after each one are shown, 0 to [#MAX_CONTEXT]
/// @param limit 1 to [#MAX_LIMIT]
public record LineSearch(
    String text,
    boolean regex,
    @Nullable Name user,
    @Nullable Name group,
    @Nullable Name target,
    @Nullable SessionId session,
    Set<ChannelKind> kinds,
    Set<Direction> directions,
    @Nullable Instant since,
    @Nullable Instant until,
    @Nullable Cursor before,
    int context,
    int limit) {
  /// The most lines around a line, to each side, inclusive.
  public static final int MAX_CONTEXT = 10;

  /// The most lines of a page, inclusive.
  public static final int MAX_LIMIT = 200;

  /// The longest text, inclusive.
  public static final int MAX_TEXT_CHARACTERS = 500;

  public LineSearch {
    if (text.length() > MAX_TEXT_CHARACTERS) {
      throw new IllegalArgumentException("at most 500 characters");
    }
    if (context < 0 || context > MAX_CONTEXT || limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException("0 to 10 lines around, 1 to 200 on a page");
    }
  }
}
