package org.ongsung.recording;

import java.time.Duration;

/// What bounds recorders.
///
/// @param queueHighBytes past this many waiting bytes a recorder has no room
/// @param queueLowBytes at or under this many it has room again
/// @param queueHardBytes past this many the recorder fails: its caller did not stop
/// @param queueTotalBytes past this many over all recorders, each with more than one segment
///   waiting has no room
/// @param operationsHigh file operations that may wait before there is no room
/// @param operationsHard file operations past which the recorder fails
/// @param operationsBatch file operations kept in one go
/// @param keptStreamBytes how much of each stream of a command is kept
/// @param heldInputCharacters typed characters that may wait for their echo
/// @param echoTimeout how long typed characters wait for their echo
/// @param flushInterval the longest time that bytes lie in memory alone
/// @param workers threads that digest, compress and write
public record RecorderLimits(
    int queueHighBytes,
    int queueLowBytes,
    int queueHardBytes,
    int queueTotalBytes,
    int operationsHigh,
    int operationsHard,
    int operationsBatch,
    int keptStreamBytes,
    int heldInputCharacters,
    Duration echoTimeout,
    Duration flushInterval,
    int workers) {
  /// 512 KiB and 128 KiB, failing at 16 MiB; 64 MiB over all; 1,024 operations, failing at 65,536,
  /// 512 a batch; 64 KiB of a stream; 16,384 characters for 2 seconds; every 250 ms; 2 threads.
  public static final RecorderLimits DEFAULT =
      new RecorderLimits(
          512 << 10,
          128 << 10,
          16 << 20,
          64 << 20,
          1_024,
          65_536,
          512,
          64 << 10,
          16_384,
          Duration.ofSeconds(2),
          Duration.ofMillis(250),
          2);

  /// The size of the pieces that waiting bytes lie in.
  static final int SEGMENT_BYTES = 32 << 10;

  public RecorderLimits {
    if (queueLowBytes < 0
        || queueHighBytes <= queueLowBytes
        || queueHardBytes <= queueHighBytes
        || queueTotalBytes < queueHighBytes) {
      throw new IllegalArgumentException("queue limits rise: low, high, hard; high, total");
    }
    if (operationsBatch < 1
        || operationsHigh < operationsBatch
        || operationsHard <= operationsHigh) {
      throw new IllegalArgumentException("operation limits rise: batch, high, hard");
    }
    if (keptStreamBytes < 0 || heldInputCharacters < 1 || workers < 1) {
      throw new IllegalArgumentException("recorder limits are positive");
    }
    if (!echoTimeout.isPositive()
        || !flushInterval.isPositive()
        || flushInterval.compareTo(Duration.ofSeconds(1)) >= 0) {
      throw new IllegalArgumentException("flushInterval lies between nothing and a second");
    }
  }
}
