package org.ongsung.transcript.line;

import java.time.Instant;

/// One line of a channel's transcript.
///
/// @param number 0 and up within the channel, in the order in which lines became final
/// @param at when the line was finished: Enter for a command, the last change for output
/// @param prompt what stood before a typed command, without the blanks at its end; else empty
/// @param text one line without control characters, composed (NFC), never blank
public record TranscriptLine(
    long number, Instant at, Direction direction, String prompt, String text) {
  /// The longest text, in characters, inclusive; what is longer becomes several lines.
  public static final int MAX_TEXT_CHARACTERS = 4_096;

  /// The longest prompt, in characters, inclusive; of a longer one the end is kept.
  public static final int MAX_PROMPT_CHARACTERS = 200;

  public TranscriptLine {
    if (number < 0
        || text.isBlank()
        || text.length() > MAX_TEXT_CHARACTERS
        || prompt.length() > MAX_PROMPT_CHARACTERS) {
      throw new IllegalArgumentException("a line has a number, and a text that is not too long");
    }
  }
}
