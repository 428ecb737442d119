package org.ongsung.store;

import java.time.Duration;

/// What bounds the store.
///
/// @param queuedUnits how many units of work may wait for one embedded file, reads and writes apart
/// @param groupedUnits how many writes share one transaction of an embedded file
/// @param readers how many read an embedded file at once
/// @param lockTimeout how long to wait while another process holds an embedded file
/// @param connectTimeout how long to wait for a connection of PostgreSQL, new or from the pool
/// @param answerTimeout how long one statement of PostgreSQL may be silent, and how long a caller
///   waits for an embedded file
public record StoreLimits(
    int queuedUnits,
    int groupedUnits,
    int readers,
    Duration lockTimeout,
    Duration connectTimeout,
    Duration answerTimeout) {
  /// 4,096 waiting, 256 in one transaction, 4 readers; 4, 5 and 20 seconds.
  public static final StoreLimits DEFAULT =
      new StoreLimits(
          4_096, 256, 4, Duration.ofSeconds(4), Duration.ofSeconds(5), Duration.ofSeconds(20));

  public StoreLimits {
    if (queuedUnits < 1
        || groupedUnits < 1
        || readers < 1
        || !lockTimeout.isPositive()
        || !connectTimeout.isPositive()
        || !answerTimeout.isPositive()) {
      throw new IllegalArgumentException("store limits are positive");
    }
  }
}
