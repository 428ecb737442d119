package org.ongsung.audit;

import java.time.Duration;

/// What bounds the ledger.
///
/// @param queuedEvents how many events may wait for the writer
/// @param batchEvents how many go into one transaction
/// @param appendTimeout how long an append may take before it counts as failed
public record LedgerLimits(int queuedEvents, int batchEvents, Duration appendTimeout) {
  /// 16,384 waiting, 1,024 a transaction, 10 seconds.
  public static final LedgerLimits DEFAULT =
      new LedgerLimits(16_384, 1_024, Duration.ofSeconds(10));

  public LedgerLimits {
    if (queuedEvents < 1 || batchEvents < 1 || !appendTimeout.isPositive()) {
      throw new IllegalArgumentException("ledger limits are positive");
    }
  }
}
