package org.ongsung.wire.csv;

import java.util.ArrayList;
import java.util.List;

/// Reads records: fields parted by commas, records by CRLF, LF or, as old spreadsheets write them,
/// CR; a field in double quotes may hold all of these, and a quote as two (RFC 4180 section 2). A
/// byte order mark before all and empty lines are passed over.
///
/// Strict where leniency would guess: a quote within a bare field, or anything but a comma or a
/// line break behind a closing quote, is no CSV.
public final class CsvReader {
  private final String text;
  private final CsvLimits limits;
  private final List<CsvRecord> records = new ArrayList<>();
  private int at;
  private int line = 1;

  private CsvReader(String text, CsvLimits limits) {
    this.text = text;
    this.limits = limits;
  }

  /// All records of `text`.
  ///
  /// @throws CsvException naming the line
  public static List<CsvRecord> read(String text, CsvLimits limits) throws CsvException {
    CsvReader reader = new CsvReader(text, limits);
    reader.read();
    return List.copyOf(reader.records);
  }

  private void read() throws CsvException {
    at = text.startsWith("\uFEFF") ? 1 : 0;
    while (at < text.length()) {
      if (lineBreak() > 0) {
        endLine();
        continue;
      }
      if (records.size() == limits.records()) {
        throw new CsvException(line, "at most " + limits.records() + " lines are read at once");
      }
      records.add(readRecord());
    }
  }

  private CsvRecord readRecord() throws CsvException {
    int start = line;
    List<String> fields = new ArrayList<>();
    while (true) {
      if (fields.size() == limits.fieldsPerRecord()) {
        throw new CsvException(line, "at most " + limits.fieldsPerRecord() + " columns are read");
      }
      String field = at < text.length() && text.charAt(at) == '"' ? quoted() : bare();
      if (field.length() > limits.fieldCharacters()) {
        throw new CsvException(
            start, "a field has at most " + limits.fieldCharacters() + " characters");
      }
      fields.add(field);
      if (at < text.length() && text.charAt(at) == ',') {
        at++;
      } else {
        endLine();
        return new CsvRecord(start, fields);
      }
    }
  }

  private String bare() throws CsvException {
    int start = at;
    while (at < text.length() && text.charAt(at) != ',' && lineBreak() == 0) {
      if (text.charAt(at) == '"') {
        throw new CsvException(
            line, "a quote stands within a field; put the whole field in quotes, and it twice");
      }
      at++;
    }
    return text.substring(start, at);
  }

  private String quoted() throws CsvException {
    int start = line;
    StringBuilder field = new StringBuilder();
    at++;
    while (true) {
      if (at == text.length()) {
        throw new CsvException(start, "a quote is opened here and never closed");
      }
      char c = text.charAt(at);
      if (c == '"' && at + 1 < text.length() && text.charAt(at + 1) == '"') {
        field.append('"');
        at += 2;
      } else if (c == '"') {
        at++;
        break;
      } else {
        int end = lineBreak();
        line += end > 0 ? 1 : 0;
        field.append(text, at, at + Math.max(1, end));
        at += Math.max(1, end);
      }
    }
    if (at < text.length() && text.charAt(at) != ',' && lineBreak() == 0) {
      throw new CsvException(
          line, "a comma or the end of the line is wanted behind a closing quote");
    }
    return field.toString();
  }

  /// How many characters of a line break stand here.
  private int lineBreak() {
    return switch (text.charAt(at)) {
      case '\n' -> 1;
      case '\r' -> at + 1 < text.length() && text.charAt(at + 1) == '\n' ? 2 : 1;
      default -> 0;
    };
  }

  private void endLine() {
    if (at < text.length()) {
      at += lineBreak();
      line++;
    }
  }
}
