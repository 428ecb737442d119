package org.ongsung.gateway.via;

import java.time.Duration;

/// What bounds passages through workers.
///
/// @param passages at once in this process, inclusive, those in the making among them
/// @param bufferBytes kept for one passage each way: what the other side has not taken, inclusive
/// @param resume how long a worker may say nothing of a passage before it is lost
/// @param poll how long a worker's question waits at most for something to answer
/// @param linger how long the last bytes of a passage that was closed wait for the worker
/// @param workers how many of different names are known, inclusive
public record PassageLimits(
    int passages, int bufferBytes, Duration resume, Duration poll, Duration linger, int workers) {
  /// 2,000; 256 KiB; 30, 5 and 10 seconds; 1,000.
  public static final PassageLimits DEFAULT =
      new PassageLimits(
          2_000,
          256 << 10,
          Duration.ofSeconds(30),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          1_000);

  public PassageLimits {
    if (passages < 1 || bufferBytes < 1 || workers < 1) {
      throw new IllegalArgumentException("limits of passages are at least 1");
    }
    if (!poll.isPositive() || !linger.isPositive() || resume.compareTo(poll) <= 0) {
      throw new IllegalArgumentException("a passage resumes later than its worker asks");
    }
  }

  /// The same with another time within which a worker comes back; it is asked to ask often enough.
  public PassageLimits resumingWithin(Duration other) {
    Duration asked = other.dividedBy(3);
    return new PassageLimits(
        passages,
        bufferBytes,
        other,
        asked.compareTo(DEFAULT.poll) < 0 ? asked : DEFAULT.poll,
        linger,
        workers);
  }
}
