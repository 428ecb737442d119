package org.ongsung.wire.csv;

/// Text that is no CSV, or more of it than may be.
public final class CsvException extends Exception {
  private final int line;

  CsvException(int line, String message) {
    super(message);
    this.line = line;
  }

  /// Where, from 1.
  public int line() {
    return line;
  }
}
