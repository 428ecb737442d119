package org.ongsung.transcript.render;

import java.time.Duration;
import org.ongsung.transcript.screen.ScreenLimits;

/// What bounds the making of lines.
///
/// @param screen what bounds the screen
/// @param settle how long a recording says nothing until what stands above the cursor is taken for
///   finished, in the recording's time
/// @param keep the longest time that a line above the cursor waits while output goes on
/// @param snapshot the shortest time between two looks at a full-screen program that keeps drawing;
///   doubles while nobody types
/// @param longestSnapshot what it doubles to
/// @param maxLines how many lines of one channel there are, inclusive; behind them only what was
///   typed is kept
/// @param maxTypedCharacters how much of one typed line counts, inclusive
public record RenderLimits(
    ScreenLimits screen,
    Duration settle,
    Duration keep,
    Duration snapshot,
    Duration longestSnapshot,
    long maxLines,
    int maxTypedCharacters) {
  /// [ScreenLimits#DEFAULT]; 2, 3, 5 and 60 seconds; 1,000,000 lines; 4,096 characters.
  public static final RenderLimits DEFAULT =
      new RenderLimits(
          ScreenLimits.DEFAULT,
          Duration.ofSeconds(2),
          Duration.ofSeconds(3),
          Duration.ofSeconds(5),
          Duration.ofSeconds(60),
          1_000_000,
          4_096);

  public RenderLimits {
    if (!settle.isPositive()
        || !keep.isPositive()
        || !snapshot.isPositive()
        || longestSnapshot.compareTo(snapshot) < 0
        || maxLines < 1
        || maxTypedCharacters < 1) {
      throw new IllegalArgumentException("limits of transcripts are positive");
    }
  }

  long settleMicros() {
    return settle.toNanos() / 1_000;
  }

  long keepMicros() {
    return keep.toNanos() / 1_000;
  }
}
