package org.ongsung.transcript;

import java.time.Duration;
import org.ongsung.transcript.line.TranscriptStore;
import org.ongsung.transcript.render.RenderLimits;

/// What bounds the making of transcripts.
///
/// @param render what bounds each one
/// @param look how often recordings are looked at
/// @param openChannels how many open channels are followed at once, inclusive; newest sessions
///   first
/// @param endedChannels how many ended channels are taken up in one turn, inclusive
/// @param pieces how many pieces of a recording are read before the next one has its turn
/// @param batchLines how many lines are written at once, inclusive
/// @param lateness how late a line of a live recording may reach the disk
/// @param restPercent how much of the time after work on what has ended is rest, so that catching
///   up leaves the machine to sessions
/// @param retry how long to wait after a failure
public record TranscriberLimits(
    RenderLimits render,
    Duration look,
    int openChannels,
    int endedChannels,
    int pieces,
    int batchLines,
    Duration lateness,
    int restPercent,
    Duration retry) {
  /// [RenderLimits#DEFAULT]; every second; 10,000 open and 20 ended channels; 4 pieces; 500 lines;
  /// 3 s; half of the time; 5 s.
  public static final TranscriberLimits DEFAULT =
      new TranscriberLimits(
          RenderLimits.DEFAULT,
          Duration.ofSeconds(1),
          10_000,
          20,
          4,
          500,
          Duration.ofSeconds(3),
          50,
          Duration.ofSeconds(5));

  public TranscriberLimits {
    if (!look.isPositive()
        || openChannels < 1
        || openChannels > TranscriptStore.MAX_PENDING
        || endedChannels < 1
        || pieces < 1
        || batchLines < 1
        || batchLines > TranscriptStore.MAX_BATCH
        || lateness.isNegative()
        || restPercent < 0
        || restPercent > 99
        || !retry.isPositive()) {
      throw new IllegalArgumentException("limits of transcripts are positive");
    }
  }
}
