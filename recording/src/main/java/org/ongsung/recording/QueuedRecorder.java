package org.ongsung.recording;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.SessionChannel;

/// A recorder that writes a recording: the bytes to be kept are copied into segments on the caller's
/// thread and wait there for a worker, which compresses and writes them.
///
/// A segment is a row of entries:
///
///     0        1                 9          13
///     +--------+-----------------+----------+------------ ... --+
///     | what   | nanoseconds     | length   | bytes             |
///     | 1 byte | 8, big-endian   | 4        | length            |
///     +--------+-----------------+----------+------------ ... --+
///
/// What follows its like within a few milliseconds is added to the entry before. A recorder whose
/// bytes are few is drained once in each flush interval, so that an event loop wakes a worker
/// seldom and frames are worth compressing; one with a full segment is drained at once.
abstract class QueuedRecorder extends BaseRecorder {
  static final byte FROM_CLIENT = 0;
  static final byte FROM_TARGET = 1;
  static final byte ERROR_FROM_TARGET = 2;
  static final byte RESIZED = 3;

  private static final int HEAD_BYTES = 13;
  private static final long MERGE_NANOS = 5_000_000;
  private static final int SEGMENTS_A_TURN = 32;

  private enum Turn {
    NONE,
    LATER,
    NOW,
    RUNNING
  }

  private static final class Segment {
    final byte[] bytes;
    int length;
    int lastEntry = -1;
    @Nullable Segment next;

    Segment(byte[] bytes) {
      this.bytes = bytes;
    }
  }

  private final RecordingStore.Sink sink;
  private final FrameOutput lines = new FrameOutput();
  private final CompletableFuture<Void> drained = new CompletableFuture<>();
  private final Object lock = new Object();

  // Guarded by lock.
  private @Nullable Segment first;
  private @Nullable Segment last;
  private int waitingBytes;
  private Turn turn = Turn.NONE;
  private boolean ending;

  QueuedRecorder(
      SessionChannel channel,
      RecorderListener listener,
      RecordingEngine engine,
      InstantSource clock,
      RecordingStore.Sink sink) {
    super(channel, listener, engine, clock);
    this.sink = sink;
  }

  /// Writes the first lines to [#lines].
  abstract void begin() throws IOException;

  /// Writes what an entry says.
  abstract void entry(byte what, long nanos, byte[] bytes, int offset, int length)
      throws IOException;

  /// The end of a turn: time has come to `nanos`.
  ///
  /// @return whether it wants another turn after the flush interval even if nothing comes
  abstract boolean turnEnds(long nanos) throws IOException;

  /// Writes the last lines.
  abstract void end(long nanos) throws IOException;

  /// Digests and counts, once [#end] was called.
  abstract Streams streams();

  /// Whether an entry of this sort may be added to the one before.
  abstract boolean merges(byte what);

  /// Sees bytes as they come, on the caller's thread, in their order.
  ///
  /// @return how many of them, from the first, shall wait for a worker
  int arrived(byte what, byte[] bytes, int offset, int length) {
    return length;
  }

  /// Where whole lines go.
  final OutputStream lines() {
    return lines;
  }

  /// Makes the first lines survive this process. Blocks.
  final void open() throws IOException {
    FrameCompressor compressor = engine.borrowCompressor();
    try {
      lines.compressor = compressor;
      begin();
      compressor.end(sink);
      sink.flush();
    } finally {
      lines.compressor = null;
      engine.giveBack(compressor);
    }
  }

  @Override
  public final boolean fromClient(byte[] bytes, int offset, int length) {
    return count(length, 0) ? put(FROM_CLIENT, bytes, offset, length) : !hasFailed();
  }

  @Override
  public final boolean fromTarget(byte[] bytes, int offset, int length) {
    return count(0, length) ? put(FROM_TARGET, bytes, offset, length) : !hasFailed();
  }

  @Override
  public final boolean errorFromTarget(byte[] bytes, int offset, int length) {
    return count(0, length) ? put(ERROR_FROM_TARGET, bytes, offset, length) : !hasFailed();
  }

  @Override
  public final void resized(int columns, int rows) {
    if (count(0, 0)) {
      byte[] size = ByteBuffer.allocate(8).putInt(columns).putInt(rows).array();
      put(RESIZED, size, 0, size.length);
    }
  }

  private boolean put(byte what, byte[] bytes, int offset, int length) {
    RecorderLimits limits = engine.limits();
    long now = System.nanoTime();
    int waiting;
    int queued;
    boolean overflow;
    Turn wanted = Turn.NONE;
    synchronized (lock) {
      queued = arrived(what, bytes, offset, length);
      overflow = (long) waitingBytes + queued > limits.queueHardBytes();
      if (!overflow) {
        if (queued > 0) {
          append(what, now, bytes, offset, queued);
        }
        waitingBytes += queued;
        wanted = waitingBytes >= RecorderLimits.SEGMENT_BYTES ? Turn.NOW : Turn.LATER;
        wanted = schedule(wanted);
      }
      waiting = waitingBytes;
    }
    if (overflow) {
      fail(new RecordUnavailableException("too many bytes wait to be recorded"));
      return false;
    }
    engine.queued(queued);
    start(wanted);
    return fewEnough(waiting) && hasRoom();
  }

  private boolean fewEnough(int waiting) {
    RecorderLimits limits = engine.limits();
    return waiting <= limits.queueHighBytes()
        && (waiting <= RecorderLimits.SEGMENT_BYTES
            || engine.queuedBytes() <= limits.queueTotalBytes());
  }

  @Override
  final boolean bytesHaveRoom() {
    int waiting;
    synchronized (lock) {
      waiting = waitingBytes;
    }
    return fewEnough(waiting);
  }

  /// Notes that a turn of that kind is wanted; called with the lock.
  ///
  /// @return the turn that the caller must start, or NONE
  private Turn schedule(Turn wanted) {
    boolean sooner =
        switch (turn) {
          case NONE -> true;
          case LATER -> wanted == Turn.NOW;
          case NOW, RUNNING -> false;
        };
    if (!sooner) {
      return Turn.NONE;
    }
    turn = wanted;
    return wanted;
  }

  private void start(Turn wanted) {
    try {
      switch (wanted) {
        case NOW -> engine.now(this::takeTurn);
        case LATER -> engine.later(this::takeTurn);
        case NONE, RUNNING -> {}
      }
    } catch (RejectedExecutionException e) {
      drained.complete(null);
      fail(e);
    }
  }

  /// Called with the lock.
  private void append(byte what, long now, byte[] bytes, int offset, int length) {
    int done = mergeInto(last, what, now, bytes, offset, length);
    while (done < length) {
      Segment segment = last;
      if (segment == null || segment.bytes.length - segment.length <= HEAD_BYTES) {
        segment = added();
      }
      int part = Math.min(length - done, segment.bytes.length - segment.length - HEAD_BYTES);
      segment.lastEntry = segment.length;
      ByteBuffer head = ByteBuffer.wrap(segment.bytes, segment.length, HEAD_BYTES);
      head.put(what).putLong(now).putInt(part);
      System.arraycopy(bytes, offset + done, segment.bytes, segment.length + HEAD_BYTES, part);
      segment.length += HEAD_BYTES + part;
      done += part;
    }
  }

  private int mergeInto(
      @Nullable Segment segment, byte what, long now, byte[] bytes, int offset, int length) {
    if (segment == null || segment.lastEntry < 0 || !merges(what)) {
      return 0;
    }
    int at = segment.lastEntry;
    ByteBuffer head = ByteBuffer.wrap(segment.bytes);
    if (segment.bytes[at] != what || now - head.getLong(at + 1) > MERGE_NANOS) {
      return 0;
    }
    int part = Math.min(length, segment.bytes.length - segment.length);
    System.arraycopy(bytes, offset, segment.bytes, segment.length, part);
    head.putInt(at + 9, head.getInt(at + 9) + part);
    segment.length += part;
    return part;
  }

  private Segment added() {
    Segment segment = new Segment(engine.segment());
    if (last == null) {
      first = segment;
    } else {
      last.next = segment;
    }
    last = segment;
    return segment;
  }

  private @Nullable Segment taken() {
    synchronized (lock) {
      Segment segment = first;
      if (segment != null) {
        first = segment.next;
        if (first == null) {
          last = null;
        }
      }
      return segment;
    }
  }

  /// On a worker: writes what waits.
  private void takeTurn() {
    synchronized (lock) {
      if (turn == Turn.RUNNING || turn == Turn.NONE) {
        return;
      }
      turn = Turn.RUNNING;
    }
    boolean again = false;
    FrameCompressor compressor = engine.borrowCompressor();
    lines.compressor = compressor;
    try {
      again = write(compressor);
    } catch (IOException | RuntimeException e) {
      fail(e);
    } finally {
      lines.compressor = null;
      engine.giveBack(compressor);
    }
    turnTaken(again);
    tellRoom();
  }

  private boolean write(FrameCompressor compressor) throws IOException {
    Segment segment = taken();
    for (int n = 1; segment != null; n++) {
      try {
        if (!hasFailed()) {
          entries(segment);
        }
      } finally {
        done(segment);
      }
      segment = n < SEGMENTS_A_TURN ? taken() : null;
    }
    if (hasFailed()) {
      return false;
    }
    boolean again = turnEnds(System.nanoTime());
    compressor.end(sink);
    sink.flush();
    return again;
  }

  private void entries(Segment segment) throws IOException {
    ByteBuffer head = ByteBuffer.wrap(segment.bytes);
    for (int at = 0; at < segment.length; ) {
      int length = head.getInt(at + 9);
      entry(head.get(at), head.getLong(at + 1), segment.bytes, at + HEAD_BYTES, length);
      at += HEAD_BYTES + length;
    }
  }

  private void done(Segment segment) {
    int payload = 0;
    ByteBuffer head = ByteBuffer.wrap(segment.bytes);
    for (int at = 0; at < segment.length; ) {
      int length = head.getInt(at + 9);
      payload += length;
      if (head.get(at) == FROM_CLIENT) {
        // What was typed may be secret: it leaves memory as soon as it can.
        Arrays.fill(segment.bytes, at + HEAD_BYTES, at + HEAD_BYTES + length, (byte) 0);
      }
      at += HEAD_BYTES + length;
    }
    engine.giveBack(segment.bytes);
    engine.queued(-payload);
    synchronized (lock) {
      waitingBytes -= payload;
    }
  }

  private void turnTaken(boolean again) {
    Turn wanted;
    boolean empty;
    synchronized (lock) {
      turn = Turn.NONE;
      empty = first == null;
      if (!empty) {
        wanted = schedule(Turn.NOW);
      } else {
        wanted = again && !ending ? schedule(Turn.LATER) : Turn.NONE;
      }
      if (empty && ending) {
        drained.complete(null);
      }
    }
    start(wanted);
  }

  @Override
  final Streams finish(@Nullable Integer exitStatus, @Nullable String exitSignal) {
    Turn wanted;
    synchronized (lock) {
      ending = true;
      wanted = schedule(Turn.NOW);
    }
    start(wanted);
    drained.join();
    try {
      if (!hasFailed()) {
        writeEnd(exitStatus, exitSignal);
      }
    } catch (IOException | RuntimeException e) {
      fail(e);
    }
    try {
      sink.close();
    } catch (IOException e) {
      fail(e);
    }
    return hasFailed() ? new Streams(null, null, 0, false) : streams();
  }

  private void writeEnd(@Nullable Integer exitStatus, @Nullable String exitSignal)
      throws IOException {
    FrameCompressor compressor = engine.borrowCompressor();
    lines.compressor = compressor;
    try {
      exit(exitStatus, exitSignal);
      end(System.nanoTime());
      compressor.end(sink);
      sink.flush();
    } finally {
      lines.compressor = null;
      engine.giveBack(compressor);
    }
  }

  /// What the target reported, before [#end].
  abstract void exit(@Nullable Integer exitStatus, @Nullable String exitSignal);

  /// Microseconds from the channel's opening to `nanos`, never negative.
  final long micros(long nanos) {
    return Math.max(0, nanos - openedNanos) / 1_000;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has SHA-256
    }
  }

  /// Hands lines to the compressor of the turn.
  private final class FrameOutput extends OutputStream {
    @Nullable FrameCompressor compressor;

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      FrameCompressor now = compressor;
      if (now == null) {
        throw new IOException("no turn to write in");
      }
      now.add(bytes, offset, length, sink);
    }
  }
}
