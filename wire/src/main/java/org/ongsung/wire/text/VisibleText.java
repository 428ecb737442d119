package org.ongsung.wire.text;

/// Text from strangers made safe to look at: nothing in it can move a cursor, change a title or
/// turn the reading direction, and each line stays one line.
///
/// Control characters (C0, DEL, C1), line and paragraph separators, the invisible format characters
/// that reorder text and unpaired surrogates are written as `\n`, `\t`, `\x1b`, `\u202e`; a
/// backslash as `\\`, so that two different texts never look the same. It is an escape for
/// terminals and logs; HTML needs its own on top.
public final class VisibleText {
  private VisibleText() {}

  /// The text with everything unsafe escaped.
  public static String of(String text) {
    int at = firstUnsafe(text);
    if (at == text.length()) {
      return text;
    }
    StringBuilder visible = new StringBuilder(text.length() + 16).append(text, 0, at);
    while (at < text.length()) {
      int codePoint = text.codePointAt(at);
      append(visible, codePoint);
      at += Character.charCount(codePoint);
    }
    return visible.toString();
  }

  /// The text escaped as by [#of], cut to at most `maxChars` UTF-16 units with `…` in the place of
  /// what was cut.
  public static String of(String text, int maxChars) {
    // Escaping only lengthens: no more than maxChars + 1 units of the source can matter.
    String visible = of(text.length() > maxChars + 1 ? text.substring(0, maxChars + 1) : text);
    if (visible.length() <= maxChars) {
      return visible;
    }
    int cut = Math.max(0, maxChars - 1);
    if (cut > 0 && Character.isHighSurrogate(visible.charAt(cut - 1))) {
      cut--;
    }
    return visible.substring(0, cut) + "…";
  }

  /// A JSON text (RFC 8259) that means the same and is safe to look at: unsafe characters, which
  /// stand in its strings only, as `\\u` escapes. Its own line breaks stay.
  public static String ofJson(String json) {
    StringBuilder visible = new StringBuilder(json.length());
    json.codePoints()
        .forEach(
            codePoint -> {
              if (codePoint == '\n'
                  || codePoint == '\r'
                  || codePoint == '\t'
                  || !isUnsafe(codePoint)) {
                visible.appendCodePoint(codePoint);
              } else {
                for (char c : Character.toChars(codePoint)) {
                  visible.append("\\u").append(hex(c, 4));
                }
              }
            });
    return visible.toString();
  }

  private static int firstUnsafe(String text) {
    int at = 0;
    while (at < text.length()) {
      int codePoint = text.codePointAt(at);
      if (codePoint == '\\' || isUnsafe(codePoint)) {
        return at;
      }
      at += Character.charCount(codePoint);
    }
    return at;
  }

  private static void append(StringBuilder visible, int codePoint) {
    switch (codePoint) {
      case '\\' -> visible.append("\\\\");
      case '\n' -> visible.append("\\n");
      case '\r' -> visible.append("\\r");
      case '\t' -> visible.append("\\t");
      default -> {
        if (!isUnsafe(codePoint)) {
          visible.appendCodePoint(codePoint);
        } else if (codePoint <= 0xFF) {
          visible.append("\\x").append(hex(codePoint, 2));
        } else if (codePoint <= 0xFFFF) {
          visible.append("\\u").append(hex(codePoint, 4));
        } else {
          visible.append("\\u{").append(hex(codePoint, 5)).append('}');
        }
      }
    }
  }

  private static boolean isUnsafe(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      // Zero-width joiners belong to emoji and several scripts; the others hide or reorder text.
      case Character.FORMAT -> codePoint != 0x200C && codePoint != 0x200D;
      default -> false;
    };
  }

  private static String hex(int value, int digits) {
    String hex = Integer.toHexString(value);
    return "0".repeat(Math.max(0, digits - hex.length())) + hex;
  }
}
