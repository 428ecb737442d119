package org.ongsung.transcript;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.SessionChannel;
import org.ongsung.recording.Recorders;
import org.ongsung.recording.RecordingId;
import org.ongsung.recording.Recordings;
import org.ongsung.transcript.line.PendingChannel;
import org.ongsung.transcript.line.TranscriptStore;
import org.ongsung.transcript.line.TranscriptUnavailableException;
import org.ongsung.transcript.render.Lines;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes the transcripts of the sessions that this node carries: follows the recordings that grow,
/// and catches up with those that have ended, the newest first.
///
/// One platform thread, so that sessions never wait for it: it reads what recorders have written,
/// holds nothing of theirs, writes small batches, and rests between recordings that have ended.
/// After a crash it goes on where the database says. For every open channel it keeps a screen in
/// memory.
public final class Transcriber implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Transcriber.class);

  private static final int READ_BYTES = 256 << 10;

  private final String node;
  private final TranscriptStore store;
  private final Recordings recordings;
  private final TranscriberLimits limits;
  private final InstantSource clock;
  // Shared by all channels: they are read one after the other.
  private final byte[] buffer = new byte[READ_BYTES];
  private final Map<RecordingId, ChannelSource> sources = new HashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  public Transcriber(
      String node,
      TranscriptStore store,
      Recordings recordings,
      TranscriberLimits limits,
      InstantSource clock) {
    this.node = node;
    this.store = store;
    this.recordings = recordings;
    this.limits = limits;
    this.clock = clock;
    this.thread = Thread.ofPlatform().name("transcriber").daemon().unstarted(this::work);
  }

  /// Begins.
  public void start() {
    thread.start();
  }

  private void work() {
    while (!isClosing()) {
      try {
        if (!turn()) {
          pause(limits.look().toMillis());
        }
      } catch (RuntimeException | Error e) {
        // Whatever is wrong may end; a thread that has stopped makes no transcripts until a
        // restart.
        LOG.error("transcripts are not made right now; it is tried again", e);
        // What was read and not written is read again.
        sources.clear();
        pause(limits.retry().toMillis());
      }
    }
  }

  /// Looks at every open channel, and then at ended ones for as long as the open ones can wait:
  /// however much there is to catch up with, what is typed now is found soon.
  ///
  /// @return whether there is more to do at once
  boolean turn() {
    boolean more = false;
    Set<RecordingId> seen = new HashSet<>();
    for (PendingChannel open : store.pending(node, true, limits.openChannels())) {
      if (isClosing()) {
        return false;
      }
      seen.add(id(open.channel()));
      more |= advance(open, false);
    }
    long served = System.nanoTime();
    List<PendingChannel> ended = store.pending(node, false, limits.endedChannels());
    ended.forEach(channel -> seen.add(id(channel.channel())));
    sources.keySet().retainAll(seen);
    for (PendingChannel channel : ended) {
      if (isClosing()) {
        return false;
      }
      long began = System.nanoTime();
      more |= advance(channel, !recordings.grows(id(channel.channel())));
      rest(System.nanoTime() - began);
      if (System.nanoTime() - served > limits.look().toNanos()) {
        return true;
      }
    }
    return more || ended.size() == limits.endedChannels();
  }

  private boolean advance(PendingChannel pending, boolean ended) {
    RecordingId id = id(pending.channel());
    ChannelSource source = sources.computeIfAbsent(id, unknown -> source(pending));
    boolean more = false;
    try {
      more = source.advance(ended);
    } catch (TranscriptUnavailableException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.error("the transcript of {} cannot be made any further", id, e);
      boolean _ = store.append(id.session(), id.channel(), List.of(), pending.position(), true);
      sources.remove(id);
    }
    if (source.isDone()) {
      sources.remove(id);
    }
    return more;
  }

  private ChannelSource source(PendingChannel pending) {
    SessionChannel channel = pending.channel();
    boolean recorded = Recorders.hasRecording(channel.kind());
    // What a recording gives is made again from its start; the rest goes on.
    Lines lines =
        new Lines(
            channel.openedAt(),
            limits.render(),
            recorded ? 0 : pending.nextNumber(),
            pending.nextNumber());
    ChannelLines written = new ChannelLines(channel, store, limits.batchLines(), lines);
    if (recorded) {
      return new RecordedChannel(
          channel, recordings.tail(id(channel)), written, limits, clock, buffer);
    }
    return channel.kind() == ChannelKind.SFTP
        ? new OperationsChannel(channel, store, written, limits.batchLines(), pending.position())
        : new SubjectChannel(channel, written);
  }

  private static RecordingId id(SessionChannel channel) {
    return new RecordingId(channel.session(), channel.number());
  }

  private void rest(long workedNanos) {
    long nanos = workedNanos / 100 * limits.restPercent() / (100 - limits.restPercent()) * 100;
    if (nanos >= 1_000_000) {
      pause(Math.min(nanos / 1_000_000, limits.look().toMillis()));
    }
  }

  private boolean isClosing() {
    return closed.getCount() == 0;
  }

  private void pause(long milliseconds) {
    try {
      boolean _ = closed.await(milliseconds, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      closed.countDown();
    }
  }

  /// Stops in the middle, wherever it is; the next start goes on.
  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
