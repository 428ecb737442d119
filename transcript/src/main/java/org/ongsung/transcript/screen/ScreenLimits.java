package org.ongsung.transcript.screen;

/// What bounds a screen.
///
/// @param maxColumns the widest screen, inclusive; a wider one is taken for this
/// @param maxRows the highest, inclusive
/// @param maxSequence how many characters of one control sequence are kept, inclusive; a longer one
///   is read to its end and does nothing
/// @param maxParameters how many numbers of a control sequence count, inclusive
/// @param maxRepeat how often one character is repeated by REP, inclusive
public record ScreenLimits(
    int maxColumns, int maxRows, int maxSequence, int maxParameters, int maxRepeat) {
  /// 1,000 columns, 500 rows, 256 characters, 32 numbers, 4,096 times.
  public static final ScreenLimits DEFAULT = new ScreenLimits(1_000, 500, 256, 32, 4_096);

  public ScreenLimits {
    if (maxColumns < 2 || maxRows < 2 || maxSequence < 8 || maxParameters < 1 || maxRepeat < 1) {
      throw new IllegalArgumentException("a screen has at least two columns and rows");
    }
  }
}
