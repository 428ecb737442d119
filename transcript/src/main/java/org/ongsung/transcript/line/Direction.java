package org.ongsung.transcript.line;

import java.util.Locale;
import org.ongsung.model.Shown;

/// Which way a line went.
public enum Direction {
  /// The person typed or asked for it: a command, a file operation, a forward.
  INPUT,
  /// The target showed it, line by line.
  OUTPUT,
  /// It stood on the screen of a full-screen program.
  SCREEN;

  /// The word in API, store and exports.
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The direction of a word; throws [IllegalArgumentException] for any other.
  public static Direction of(String text) {
    for (Direction direction : values()) {
      if (direction.text().equals(text)) {
        return direction;
      }
    }
    throw new IllegalArgumentException(
        "not a direction (input, output, screen): " + Shown.quoted(text));
  }
}
