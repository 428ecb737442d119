package org.ongsung.wire.csv;

import java.util.List;

/// Writes records as RFC 4180 has them, each with CRLF behind it. Fields are in quotes where they
/// must be.
public final class CsvWriter {
  /// What makes a spreadsheet read the file as UTF-8.
  public static final String BYTE_ORDER_MARK = "\uFEFF";

  private CsvWriter() {}

  /// One record.
  public static String line(List<String> fields) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < fields.size(); i++) {
      line.append(i == 0 ? "" : ",").append(field(fields.get(i)));
    }
    return line.append("\r\n").toString();
  }

  private static String field(String text) {
    boolean quoted =
        text.chars().anyMatch(c -> c == '"' || c == ',' || c == '\r' || c == '\n')
            || !text.equals(text.strip());
    return quoted ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }
}
