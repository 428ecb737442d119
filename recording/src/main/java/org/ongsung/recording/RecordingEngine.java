package org.ongsung.recording;

import java.util.ArrayDeque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// What all recorders share: a few threads that digest, compress and write, the buffers that
/// waiting bytes lie in, and the count of them.
final class RecordingEngine implements AutoCloseable {
  private static final int KEPT_SEGMENTS = 64;

  private final RecorderLimits limits;
  private final ScheduledThreadPoolExecutor workers;
  private final Executor blocking = Executors.newVirtualThreadPerTaskExecutor();
  private final ConcurrentLinkedDeque<FrameCompressor> compressors = new ConcurrentLinkedDeque<>();
  private final ArrayDeque<byte[]> segments = new ArrayDeque<>(KEPT_SEGMENTS);
  private final AtomicLong queuedBytes = new AtomicLong();

  RecordingEngine(RecorderLimits limits) {
    this.limits = limits;
    this.workers =
        new ScheduledThreadPoolExecutor(
            limits.workers(), Thread.ofPlatform().name("recording-", 0).daemon().factory());
    workers.setRemoveOnCancelPolicy(true);
  }

  RecorderLimits limits() {
    return limits;
  }

  /// Runs `task` on a worker soon.
  void now(Runnable task) {
    workers.execute(task);
  }

  /// Runs `task` on a worker after the flush interval.
  void later(Runnable task) {
    var _ = workers.schedule(task, limits.flushInterval().toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Where waiting for a disk or a database is allowed.
  Executor blocking() {
    return blocking;
  }

  FrameCompressor borrowCompressor() {
    FrameCompressor kept = compressors.pollFirst();
    return kept == null ? new FrameCompressor() : kept;
  }

  void giveBack(FrameCompressor compressor) {
    compressor.reset();
    compressors.addFirst(compressor);
  }

  byte[] segment() {
    byte @Nullable [] kept;
    synchronized (segments) {
      kept = segments.pollLast();
    }
    return kept == null ? new byte[RecorderLimits.SEGMENT_BYTES] : kept;
  }

  void giveBack(byte[] segment) {
    synchronized (segments) {
      if (segments.size() < KEPT_SEGMENTS) {
        segments.addLast(segment);
      }
    }
  }

  void queued(long bytes) {
    queuedBytes.addAndGet(bytes);
  }

  /// Bytes that wait now, over all recorders.
  long queuedBytes() {
    return queuedBytes.get();
  }

  /// Stops the workers once what was handed to them is done. Recorders are closed before.
  @Override
  public void close() {
    workers.shutdown();
    try {
      if (workers.awaitTermination(5, TimeUnit.SECONDS)) {
        compressors.forEach(FrameCompressor::close);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
