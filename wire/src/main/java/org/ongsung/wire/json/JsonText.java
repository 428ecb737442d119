package org.ongsung.wire.json;

/// Writes JSON strings (RFC 8259, section 7).
public final class JsonText {
  private JsonText() {}

  /// Appends the text in quotes. Beyond what JSON asks, DEL, C1 controls, line and paragraph
  /// separators and unpaired surrogates are escaped too: the file stays valid UTF-8, one event a
  /// line, and does nothing to a terminal that it is shown on unread.
  public static void quote(CharSequence text, StringBuilder json) {
    json.append('"');
    String all = text.toString();
    for (int at = 0; at < all.length(); at++) {
      int run = at;
      while (run < all.length() && isPlain(all.charAt(run))) {
        run++;
      }
      json.append(all, at, run);
      at = run;
      if (at == all.length()) {
        break;
      }
      char c = all.charAt(at);
      if (Character.isHighSurrogate(c)
          && at + 1 < all.length()
          && Character.isLowSurrogate(all.charAt(at + 1))) {
        json.append(c).append(all.charAt(++at));
      } else {
        append(c, json);
      }
    }
    json.append('"');
  }

  private static boolean isPlain(char c) {
    return (c >= ' ' && c < 0x7F && c != '"' && c != '\\')
        || (c > 0x9F && c != 0x2028 && c != 0x2029 && !Character.isSurrogate(c));
  }

  private static void append(char c, StringBuilder json) {
    switch (c) {
      case '"' -> json.append("\\\"");
      case '\\' -> json.append("\\\\");
      case '\n' -> json.append("\\n");
      case '\r' -> json.append("\\r");
      case '\t' -> json.append("\\t");
      case '\b' -> json.append("\\b");
      case '\f' -> json.append("\\f");
      default -> {
        if (c < 0x20
            || (c >= 0x7F && c <= 0x9F)
            || c == 0x2028
            || c == 0x2029
            || Character.isSurrogate(c)) {
          unicodeEscape(c, json);
        } else {
          json.append(c);
        }
      }
    }
  }

  private static void unicodeEscape(char c, StringBuilder json) {
    json.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      json.append(Character.forDigit((c >> shift) & 0xF, 16));
    }
  }
}
