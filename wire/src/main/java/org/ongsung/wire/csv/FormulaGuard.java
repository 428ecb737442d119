package org.ongsung.wire.csv;

/// Keeps a spreadsheet from running what somebody typed into a field as a formula (CWE-1236): a
/// text that starts as one gets an apostrophe before it, which spreadsheets take as *this is text*,
/// and loses it when it comes back.
public final class FormulaGuard {
  private FormulaGuard() {}

  /// `text` as it may stand in a file that a spreadsheet opens.
  public static String guarded(String text) {
    return startsAsFormula(text) ? "'" + text : text;
  }

  /// What was guarded, as it was; anything else as it is.
  public static String unguarded(String text) {
    return text.startsWith("'") && startsAsFormula(text.substring(1)) ? text.substring(1) : text;
  }

  /// Apostrophes before it count too, so that every text comes back as it was.
  private static boolean startsAsFormula(String text) {
    int at = 0;
    while (at < text.length() && text.charAt(at) == '\'') {
      at++;
    }
    return at < text.length() && "=+-@\t\r\n＝＋－＠".indexOf(text.charAt(at)) >= 0;
  }
}
