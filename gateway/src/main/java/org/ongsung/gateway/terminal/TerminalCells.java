package org.ongsung.gateway.terminal;

/// How many cells text takes on a terminal (Unicode Standard Annex 11): East Asian wide characters
/// two, combining ones none.
final class TerminalCells {
  private static final int[][] WIDE = {
    {0x1100, 0x115F},
    {0x231A, 0x231B},
    {0x2329, 0x232A},
    {0x23E9, 0x23EC},
    {0x2E80, 0x303E},
    {0x3041, 0x33FF},
    {0x3400, 0x4DBF},
    {0x4E00, 0x9FFF},
    {0xA000, 0xA4CF},
    {0xA960, 0xA97F},
    {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},
    {0xFE10, 0xFE19},
    {0xFE30, 0xFE6F},
    {0xFF00, 0xFF60},
    {0xFFE0, 0xFFE6},
    {0x1F300, 0x1F64F},
    {0x1F680, 0x1F6FF},
    {0x1F900, 0x1FAFF},
    {0x20000, 0x3FFFD}
  };

  private TerminalCells() {}

  static int of(int codePoint) {
    int type = Character.getType(codePoint);
    if (type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.FORMAT
        || type == Character.CONTROL
        || (codePoint >= 0x1160 && codePoint <= 0x11FF)) {
      return 0;
    }
    for (int[] range : WIDE) {
      if (codePoint < range[0]) {
        return 1;
      }
      if (codePoint <= range[1]) {
        return 2;
      }
    }
    return 1;
  }

  static int of(String text) {
    return text.codePoints().map(TerminalCells::of).sum();
  }

  /// `text` in exactly `cells` cells: cut with `…` or filled with spaces.
  static String fit(String text, int cells) {
    if (cells <= 0) {
      return "";
    }
    int all = of(text);
    if (all <= cells) {
      return text + " ".repeat(cells - all);
    }
    StringBuilder cut = new StringBuilder();
    int used = 0;
    for (int at = 0; at < text.length(); ) {
      int codePoint = text.codePointAt(at);
      int width = of(codePoint);
      if (used + width > cells - 1) {
        break;
      }
      cut.appendCodePoint(codePoint);
      used += width;
      at += Character.charCount(codePoint);
    }
    return cut.append('…').append(" ".repeat(cells - used - 1)).toString();
  }
}
