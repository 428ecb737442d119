package org.ongsung.wire.asciicast;

/// How large the parts of a recording may be.
///
/// @param maxEventBytes how many raw bytes one written event carries at most, inclusive; longer
///   output becomes several events of the same time
/// @param maxLineBytes how long a line that is read may be, without its line feed, inclusive
/// @param maxColumns a terminal's widest and highest, inclusive; what is outside 1 to this is
///   brought inside
public record AsciicastLimits(int maxEventBytes, int maxLineBytes, int maxColumns) {
  /// 16 KiB an event when written, 1 MiB a line when read, terminals up to 4096 × 4096.
  public static final AsciicastLimits DEFAULT = new AsciicastLimits(16 << 10, 1 << 20, 4096);

  public AsciicastLimits {
    if (maxEventBytes < 4 || maxLineBytes < 64 || maxColumns < 1) {
      throw new IllegalArgumentException(
          "an event needs 4 bytes, a line 64 and a terminal 1 column at least");
    }
  }
}
