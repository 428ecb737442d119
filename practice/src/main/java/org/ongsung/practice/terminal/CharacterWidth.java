package org.ongsung.practice.terminal;

/// How many columns of a terminal a character takes: 2 for Hangul, Han, Kana, fullwidth forms and
/// emoji, 0 for marks that sit on the character before, else 1. Follows Unicode's East Asian Width
/// (UAX #11) by blocks.
public final class CharacterWidth {
  private static final int[][] WIDE = {
    {0x1100, 0x115F}, {0x2E80, 0x303E}, {0x3041, 0x33FF}, {0x3400, 0x4DBF}, {0x4E00, 0x9FFF},
    {0xA000, 0xA4CF}, {0xA960, 0xA97F}, {0xAC00, 0xD7A3}, {0xF900, 0xFAFF}, {0xFE30, 0xFE6F},
    {0xFF00, 0xFF60}, {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F900, 0x1FAFF},
    {0x20000, 0x3FFFD},
  };

  private CharacterWidth() {}

  /// The columns of one character.
  public static int of(int codePoint) {
    int type = Character.getType(codePoint);
    if (type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.FORMAT
        || (codePoint >= 0x1160 && codePoint <= 0x11FF)) {
      return 0;
    }
    for (int[] range : WIDE) {
      if (codePoint >= range[0] && codePoint <= range[1]) {
        return 2;
      }
    }
    return 1;
  }

  /// The columns of a text without control characters.
  public static int of(CharSequence text) {
    return text.codePoints().map(CharacterWidth::of).sum();
  }
}
