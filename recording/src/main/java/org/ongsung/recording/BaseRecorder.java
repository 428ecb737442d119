package org.ongsung.recording;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.FileOperation;
import org.ongsung.model.SessionChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What every recorder does: counts, file operations, room, failure and the end.
abstract class BaseRecorder implements ChannelRecorder {
  private static final Logger LOG = LoggerFactory.getLogger(BaseRecorder.class);
  private static final int MAX_TEXT_CHARACTERS = 4_096;

  final RecordingEngine engine;
  final long openedNanos = System.nanoTime();
  private final SessionChannel channel;
  private final RecorderListener listener;
  private final InstantSource clock;
  private final Object lock = new Object();
  private final CompletableFuture<SessionChannel.End> closed = new CompletableFuture<>();

  // Guarded by lock.
  private long bytesFromClient;
  private long bytesToClient;
  private boolean closing;
  private boolean failed;
  private List<Runnable> roomListeners = List.of();
  private @Nullable OperationQueue operations;

  BaseRecorder(
      SessionChannel channel,
      RecorderListener listener,
      RecordingEngine engine,
      InstantSource clock) {
    this.channel = channel;
    this.listener = listener;
    this.engine = engine;
    this.clock = clock;
  }

  /// What became of the streams.
  ///
  /// @param complete whether all of it is durable
  record Streams(
      @Nullable String sha256FromClient,
      @Nullable String sha256ToClient,
      long replaced,
      boolean complete) {
    static final Streams NONE = new Streams(null, null, 0, true);
  }

  /// Makes the recording's end durable. Called once, on a virtual thread; may block.
  abstract Streams finish(@Nullable Integer exitStatus, @Nullable String exitSignal);

  /// Whether the bytes that wait are few enough.
  abstract boolean bytesHaveRoom();

  @Override
  public final SessionChannel channel() {
    return channel;
  }

  @Override
  public final long bytesFromClient() {
    synchronized (lock) {
      return bytesFromClient;
    }
  }

  @Override
  public final long bytesToClient() {
    synchronized (lock) {
      return bytesToClient;
    }
  }

  /// Counts, and says whether the bytes belong into the record.
  final boolean count(long fromClient, long toClient) {
    synchronized (lock) {
      bytesFromClient += fromClient;
      bytesToClient += toClient;
      return !closing && !failed;
    }
  }

  @Override
  public final boolean fileOperation(
      String kind,
      String path,
      String otherPath,
      String detail,
      long bytesRead,
      long bytesWritten,
      String result) {
    OperationQueue queue;
    synchronized (lock) {
      if (closing || failed) {
        return !failed;
      }
      if (operations == null) {
        operations =
            new OperationQueue(engine, listener::fileOperations, this::fail, this::tellRoom);
      }
      queue = operations;
    }
    queue.add(
        new FileOperation(
            channel.session(),
            channel.number(),
            clock.instant(),
            kind,
            cut(path),
            cut(otherPath),
            cut(detail),
            bytesRead,
            bytesWritten,
            cut(result)));
    return hasRoom();
  }

  static String cut(String text) {
    return text.length() <= MAX_TEXT_CHARACTERS
        ? text
        : text.substring(0, MAX_TEXT_CHARACTERS) + "…";
  }

  final boolean hasRoom() {
    OperationQueue queue;
    synchronized (lock) {
      if (failed) {
        return false;
      }
      queue = operations;
    }
    return bytesHaveRoom() && (queue == null || queue.hasRoom());
  }

  @Override
  public final void onRoom(Runnable roomListener) {
    synchronized (lock) {
      List<Runnable> more = new ArrayList<>(roomListeners);
      more.add(roomListener);
      roomListeners = more;
    }
    tellRoom();
  }

  /// Runs those who wait for room, if there is any.
  final void tellRoom() {
    if (!hasRoom()) {
      return;
    }
    List<Runnable> listeners;
    synchronized (lock) {
      listeners = roomListeners;
      roomListeners = List.of();
    }
    listeners.forEach(Runnable::run);
  }

  /// Gives the record up: the owner is told once, and nothing more is taken.
  final void fail(Exception cause) {
    synchronized (lock) {
      if (failed) {
        return;
      }
      failed = true;
      roomListeners = List.of();
    }
    LOG.error("the record of {}-{} failed", channel.session(), channel.number(), cause);
    engine.blocking().execute(() -> listener.failed(channel, cause));
  }

  final boolean hasFailed() {
    synchronized (lock) {
      return failed;
    }
  }

  @Override
  public final CompletableFuture<SessionChannel.End> close(
      @Nullable Integer exitStatus, @Nullable String exitSignal) {
    synchronized (lock) {
      if (!closing) {
        closing = true;
        engine.blocking().execute(() -> finishAll(exitStatus, exitSignal));
      }
    }
    return closed;
  }

  private void finishAll(@Nullable Integer exitStatus, @Nullable String exitSignal) {
    OperationQueue queue;
    synchronized (lock) {
      queue = operations;
    }
    if (queue != null) {
      queue.await();
    }
    Streams streams;
    try {
      streams = finish(exitStatus, exitSignal);
    } catch (RuntimeException e) {
      fail(e);
      streams = new Streams(null, null, 0, false);
    }
    SessionChannel.End end =
        new SessionChannel.End(
            clock.instant(),
            exitStatus,
            exitSignal,
            bytesFromClient(),
            bytesToClient(),
            streams.sha256FromClient(),
            streams.sha256ToClient(),
            streams.replaced(),
            streams.complete() && !hasFailed());
    try {
      listener.closed(channel, end);
    } catch (RuntimeException e) {
      LOG.error("the end of {}-{} was not kept", channel.session(), channel.number(), e);
      fail(e);
    } finally {
      closed.complete(end);
    }
  }
}
