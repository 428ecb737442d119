package org.ongsung.model;

/// Makes text of unknown origin fit to stand in a message: one line, bounded, no control
/// characters.
public final class Shown {
  private static final int MAX_CHARACTERS = 120;

  private Shown() {}

  /// `text` in double quotes, control and format characters as `<U+hex>`, cut after 120 characters.
  public static String quoted(String text) {
    return '"' + plain(text, MAX_CHARACTERS) + '"';
  }

  /// `text` with control, format and unassigned characters as `<U+hex>`, cut with `…` after
  /// `maxCharacters`.
  public static String plain(String text, int maxCharacters) {
    StringBuilder shown = new StringBuilder(Math.min(text.length(), maxCharacters) + 1);
    int count = 0;
    for (int at = 0; at < text.length(); count++) {
      if (count == maxCharacters) {
        return shown.append('…').toString();
      }
      int codePoint = text.codePointAt(at);
      at += Character.charCount(codePoint);
      if (isHarmless(codePoint)) {
        shown.appendCodePoint(codePoint);
      } else {
        shown.append("<U+").append(Integer.toHexString(codePoint)).append('>');
      }
    }
    return shown.toString();
  }

  private static boolean isHarmless(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.PRIVATE_USE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
