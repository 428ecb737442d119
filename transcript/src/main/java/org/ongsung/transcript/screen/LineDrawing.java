package org.ongsung.transcript.screen;

/// The DEC special graphics character set, as Unicode.
final class LineDrawing {
  // What ` to ~ stand for.
  private static final String SHOWN = "◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·";

  private LineDrawing() {}

  static int of(int codePoint) {
    return codePoint >= '`' && codePoint <= '~' ? SHOWN.charAt(codePoint - '`') : codePoint;
  }
}
