package org.ongsung.gateway;

/// Bounds how much of the ledger the refusals of one session take, since asking costs nothing: as
/// many as [#AT_ONCE] are told each, and more of them one a second, with how many were left out
/// between. Safe for any thread.
final class Refusals {
  /// How many are told in a row.
  static final int AT_ONCE = 100;

  private static final long EVERY_NANOS = 1_000_000_000;

  private long allowed = AT_ONCE;
  private long countedNanos;
  private boolean counts;
  private long leftOut;

  /// Counts a refusal.
  ///
  /// @return how many were left out since the last that was told, or -1 when this one is left out
  synchronized long next(long nowNanos) {
    if (!counts) {
      counts = true;
      countedNanos = nowNanos;
    }
    long seconds = (nowNanos - countedNanos) / EVERY_NANOS;
    allowed = Math.min(AT_ONCE, allowed + seconds);
    countedNanos += seconds * EVERY_NANOS;
    if (allowed == 0) {
      leftOut++;
      return -1;
    }
    allowed--;
    long before = leftOut;
    leftOut = 0;
    return before;
  }

  /// How many were left out since the last that was told.
  synchronized long leftOut() {
    return leftOut;
  }
}
