package org.ongsung.model;

/// Free text that people read beside a name: any Unicode without control characters, up to 100
/// characters, may be empty.
public record Title(String value) {
  /// The most code points a title may have, inclusive.
  public static final int MAX_CHARACTERS = 100;

  /// No title.
  public static final Title NONE = new Title("");

  public Title {
    if (value.codePointCount(0, value.length()) > MAX_CHARACTERS) {
      throw new IllegalArgumentException(
          "a title has at most 100 characters: " + Shown.quoted(value));
    }
    if (value.codePoints().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "a title has no control characters: " + Shown.quoted(value));
    }
  }

  /// Whether there is no title.
  public boolean isEmpty() {
    return value.isEmpty();
  }

  @Override
  public String toString() {
    return value;
  }
}
