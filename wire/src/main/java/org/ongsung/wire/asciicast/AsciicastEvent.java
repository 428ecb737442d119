package org.ongsung.wire.asciicast;

/// One event of a recording.
///
/// @param timeMicros since the recording began, in microseconds; never negative
/// @param code what happened: [#OUTPUT], [#INPUT], [#RESIZE], [#MARKER], or a letter of a later
///   format
/// @param data the text that was output or typed, `COLUMNSxROWS` for a resize, a label for a marker
public record AsciicastEvent(long timeMicros, char code, String data) {
  /// Data that the program wrote to the terminal.
  public static final char OUTPUT = 'o';

  /// Data that the person typed.
  public static final char INPUT = 'i';

  /// The terminal got another size.
  public static final char RESIZE = 'r';

  /// A named point in time.
  public static final char MARKER = 'm';

  public AsciicastEvent {
    if (timeMicros < 0) {
      throw new IllegalArgumentException("an event cannot be before the recording");
    }
  }
}
