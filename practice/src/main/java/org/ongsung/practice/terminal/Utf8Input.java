package org.ongsung.practice.terminal;

/// Puts typed bytes together into characters; what is not UTF-8 becomes U+FFFD.
final class Utf8Input {
  private int codePoint;
  private int missing;

  /// The character that the byte completes, or -1 if more bytes must come.
  int accept(int octet) {
    if (missing > 0 && (octet & 0xC0) == 0x80) {
      codePoint = codePoint << 6 | (octet & 0x3F);
      missing--;
      return missing > 0 ? -1 : valid(codePoint);
    }
    missing = 0;
    if (octet < 0x80) {
      return octet;
    }
    if (octet >= 0xC2 && octet <= 0xF4) {
      missing = octet < 0xE0 ? 1 : octet < 0xF0 ? 2 : 3;
      codePoint = octet & (0x3F >> missing);
      return -1;
    }
    return 0xFFFD;
  }

  private static int valid(int value) {
    boolean surrogate = value >= 0xD800 && value <= 0xDFFF;
    return surrogate || value > Character.MAX_CODE_POINT ? 0xFFFD : value;
  }
}
