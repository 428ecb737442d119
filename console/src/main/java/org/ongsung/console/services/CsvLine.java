package org.ongsung.console.services;

import org.ongsung.transcript.line.SearchableLine;

/// A line of a transcript as a record of RFC 4180. A text that a spreadsheet would take for a
/// formula gets an apostrophe before it, which spreadsheets do not show.
final class CsvLine {
  /// The byte order mark, which spreadsheets want before UTF-8, and the names of the columns.
  static final String HEADER =
      "\ufeffat,user,target,session,channel,kind,direction,prompt,text\r\n";

  private CsvLine() {}

  static String of(SearchableLine line) {
    return String.join(
            ",",
            line.line().at().toString(),
            quoted(line.user().value()),
            quoted(line.target().value()),
            line.session().value(),
            Integer.toString(line.channel()),
            line.kind().text(),
            line.line().direction().text(),
            quoted(line.line().prompt()),
            quoted(line.line().text()))
        + "\r\n";
  }

  private static String quoted(String text) {
    String harmless = beginsFormula(text) ? "'" + text : text;
    return '"' + harmless.replace("\"", "\"\"") + '"';
  }

  /// Spreadsheets pass over blanks at the beginning.
  private static boolean beginsFormula(String text) {
    String begin = text.stripLeading();
    return !begin.isEmpty() && "=+-@\t\r＝＋－＠".indexOf(begin.charAt(0)) >= 0;
  }
}
