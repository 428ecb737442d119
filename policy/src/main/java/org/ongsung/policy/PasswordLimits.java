package org.ongsung.policy;

import java.time.Duration;

/// What password hashing may cost.
///
/// @param maxMemoryKib the most memory that a hash given from outside may ask for, inclusive
/// @param maxIterations the most passes, inclusive
/// @param maxLanes the highest degree of parallelism, inclusive
/// @param atOnce how many hashes are computed at the same time
/// @param waiting how many more may wait for their turn, inclusive
/// @param patience how long one waits for its turn and its result
public record PasswordLimits(
    int maxMemoryKib, int maxIterations, int maxLanes, int atOnce, int waiting, Duration patience) {
  /// 64 MiB (what common tools use), 10 passes, 8 lanes; half of the processors at once; 1,024
  /// waiting for at most 20 seconds.
  public static final PasswordLimits DEFAULT =
      new PasswordLimits(
          65_536,
          10,
          8,
          Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 8),
          1_024,
          Duration.ofSeconds(20));

  public PasswordLimits {
    if (maxMemoryKib < 1
        || maxIterations < 1
        || maxLanes < 1
        || atOnce < 1
        || waiting < 1
        || !patience.isPositive()) {
      throw new IllegalArgumentException("password limits are positive");
    }
  }
}
