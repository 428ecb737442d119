package org.ongsung.console.http;

import java.time.Duration;

/// What bounds a [Door].
///
/// @param leastAtOnce how many requests are worked on at once however slow things are
/// @param mostAtOnce how many at once however quick they are, inclusive
/// @param waiting how many more may wait at the door, inclusive
/// @param patience how long one of them waits before it is turned away
/// @param slow a request that was worked on for longer than this says that there are too many
public record DoorLimits(
    int leastAtOnce, int mostAtOnce, int waiting, Duration patience, Duration slow) {
  /// People: 64 to 768 at once, 16,384 waiting for 600 ms; 250 ms is slow.
  public static final DoorLimits PEOPLE =
      new DoorLimits(64, 768, 16_384, Duration.ofMillis(600), Duration.ofMillis(250));

  /// Workers: 64 to 256 at once, 1,024 waiting for 10 s; 250 ms is slow.
  public static final DoorLimits WORKERS =
      new DoorLimits(64, 256, 1_024, Duration.ofSeconds(10), Duration.ofMillis(250));

  public DoorLimits {
    if (leastAtOnce < 1 || mostAtOnce < leastAtOnce || waiting < 0) {
      throw new IllegalArgumentException("a door lets in at least one, and no fewer at most");
    }
    if (patience.isNegative() || !slow.isPositive()) {
      throw new IllegalArgumentException("a door's times are positive");
    }
  }
}
