package org.ongsung.wire.csv;

import java.util.List;

/// One record of a file.
///
/// @param line where it starts, from 1; a quoted field may hold line breaks, so that it may end on
///   a later one
public record CsvRecord(int line, List<String> fields) {
  public CsvRecord {
    fields = List.copyOf(fields);
  }
}
