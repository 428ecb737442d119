package org.ongsung.wire.csv;

/// What bounds a file. All are inclusive.
///
/// @param records how many records, the header among them
/// @param fieldsPerRecord how many fields one record may have
/// @param fieldCharacters how long one field may be
public record CsvLimits(int records, int fieldsPerRecord, int fieldCharacters) {
  /// 50,001 records of 50 fields of 65,536 characters.
  public static final CsvLimits DEFAULT = new CsvLimits(50_001, 50, 65_536);

  public CsvLimits {
    if (records < 1 || fieldsPerRecord < 1 || fieldCharacters < 1) {
      throw new IllegalArgumentException("CSV limits are positive");
    }
  }
}
