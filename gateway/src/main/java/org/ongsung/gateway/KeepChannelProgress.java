package org.ongsung.gateway;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.ongsung.recording.ChannelProgress;
import org.ongsung.recording.SessionStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes at every interval how far the channels are whose counts lie in no recording: forwards,
/// agent, X11 and sftp. A crash then costs them an interval and not all.
///
/// Only those that moved are written, all of a moment in transactions of at most [#BATCH_CHANNELS].
/// What cannot be written is written the next time it moves; the end of a channel is what counts,
/// and is written by itself.
final class KeepChannelProgress implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KeepChannelProgress.class);

  /// Channels in one transaction, inclusive.
  static final int BATCH_CHANNELS = 1_000;

  private final Supplier<? extends Collection<LiveSession>> live;
  private final SessionStore sessions;
  private final Duration interval;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;
  private boolean failing;

  KeepChannelProgress(
      Supplier<? extends Collection<LiveSession>> live, SessionStore sessions, Duration interval) {
    this.live = live;
    this.sessions = sessions;
    this.interval = interval;
    this.thread = Thread.ofVirtual().name("channel-progress").start(this::run);
  }

  private void run() {
    try {
      while (!stopping.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
        keep();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void keep() {
    List<ChannelProgress> moved = new ArrayList<>();
    live.get().forEach(session -> moved.addAll(session.progress()));
    try {
      for (int from = 0; from < moved.size(); from += BATCH_CHANNELS) {
        sessions.keepProgress(moved.subList(from, Math.min(moved.size(), from + BATCH_CHANNELS)));
      }
      failing = false;
    } catch (RuntimeException | Error e) {
      if (!failing) {
        LOG.warn("how far channels are cannot be written; it is tried again", e);
      }
      failing = true;
    }
  }

  /// Stops writing; a write that runs is finished.
  @Override
  public void close() {
    stopping.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
