package org.ongsung.transcript.index;

import org.ongsung.model.Shown;

/// A place in the order of results, newest first: a page goes on with what is older.
///
/// @param micros a line's time in microseconds since 1970-01-01 UTC
/// @param sequence tells lines of one time apart; newer ones have larger numbers
public record Cursor(long micros, long sequence) {
  /// Reads what [#toString] gives; throws [IllegalArgumentException] for anything else.
  public static Cursor of(String text) {
    if (!text.matches("-?[0-9]{1,18}\\.[0-9]{1,18}")) {
      throw new IllegalArgumentException("not a place to go on from: " + Shown.quoted(text));
    }
    int dot = text.indexOf('.');
    return new Cursor(
        Long.parseLong(text.substring(0, dot)), Long.parseLong(text.substring(dot + 1)));
  }

  @Override
  public String toString() {
    return micros + "." + sequence;
  }
}
