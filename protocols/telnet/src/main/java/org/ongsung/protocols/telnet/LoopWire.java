package org.ongsung.protocols.telnet;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.ongsung.gateway.loop.SelectorLoop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A socket on an event loop: what comes is handed over there, and what the peer does not take yet
/// waits here.
///
/// Threads: [TelnetWire]'s methods come from any; who writes from elsewhere than the loop waits
/// while [#FULL_BYTES] wait.
final class LoopWire implements TelnetWire {
  /// How much may wait before there is no room for more.
  static final int FULL_BYTES = 65_536;

  private static final int MAX_ANSWERS = 256;
  private static final Logger LOG = LoggerFactory.getLogger(LoopWire.class);

  /// What is told on the loop.
  interface Reader {
    /// So much came.
    ///
    /// @param bytes the reader's for the time of the call
    /// @throws IOException to end the connection
    void received(byte[] bytes, int length) throws IOException;

    /// There was no room to write, and there is again.
    void room();

    /// Nothing more is received. Once.
    ///
    /// @param why null when the peer has finished or the wire was closed
    void over(@Nullable IOException why);
  }

  private final TelnetLoop loop;
  private final SocketChannel channel;
  private final Reader reader;

  // Of the loop.
  private @Nullable SelectionKey key;
  private boolean held;
  private boolean over;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // Guarded by the lock.
  private final ArrayDeque<Piece> waiting = new ArrayDeque<>();
  private int waitingBytes;
  private int answers;
  private boolean wantsRoom;
  private boolean finishing;
  private boolean closesWhenTaken;
  private boolean closed;

  private record Piece(ByteBuffer bytes, boolean isAnswer) {}

  LoopWire(TelnetLoop loop, SocketChannel channel, Reader reader) {
    this.loop = loop;
    this.channel = channel;
    this.reader = reader;
  }

  SelectorLoop loop() {
    return loop;
  }

  /// Begins to read, unless it is `held` at first. Nobody may be waiting for the socket.
  void start(boolean heldAtFirst) throws IOException {
    held = heldAtFirst; // seen by the loop with what is enqueued here
    channel.configureBlocking(false);
    loop.enqueue(this::register);
  }

  private void register() {
    try {
      key = loop.register(channel, 0, this::ready);
      interest();
    } catch (IOException e) {
      end(e);
    }
  }

  private void ready(SelectionKey ready) {
    try {
      if (ready.isValid() && ready.isWritable()) {
        flush();
      }
      if (ready.isValid() && ready.isReadable() && !held) {
        read();
      }
    } catch (IOException e) {
      end(e);
    } catch (RuntimeException | Error e) {
      LOG.error("a Telnet connection failed", e);
      end(new IOException(e));
    }
  }

  private void read() throws IOException {
    int length = channel.read(loop.readBuffer());
    if (length < 0) {
      end(null);
    } else if (length > 0) {
      loop.hasRead(length);
      reader.received(loop.read(), length);
    }
  }

  private void end(@Nullable IOException why) {
    if (over) {
      return;
    }
    over = true;
    boolean meant;
    lock.lock();
    try {
      meant = closed;
    } finally {
      lock.unlock();
    }
    interest();
    reader.over(meant ? null : why);
  }

  /// Reads nothing while held. On the loop.
  void hold(boolean now) {
    if (held != now) {
      held = now;
      interest();
    }
  }

  /// Tells the selector what to look for. On the loop.
  private void interest() {
    if (key == null || !key.isValid()) {
      return;
    }
    int ops = held || over ? 0 : SelectionKey.OP_READ;
    lock.lock();
    try {
      ops |= waiting.isEmpty() ? 0 : SelectionKey.OP_WRITE;
    } finally {
      lock.unlock();
    }
    if (key.interestOps() != ops) {
      key.interestOps(ops);
    }
  }

  @Override
  public void write(Supplier<byte[]> encoded) throws IOException {
    if (!offer(encoded) && !loop.isCurrent()) {
      awaitRoom();
    }
  }

  /// Sends without waiting.
  ///
  /// @return whether there is room for more; if not, [Reader#room] tells when there is
  boolean offer(Supplier<byte[]> encoded) throws IOException {
    lock.lock();
    try {
      put(encoded.get(), false);
      wantsRoom = waitingBytes >= FULL_BYTES;
      return !wantsRoom;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void answer(byte[] raw) throws IOException {
    lock.lock();
    try {
      if (answers >= MAX_ANSWERS) {
        throw new IOException("the peer asks and takes no answers");
      }
      put(raw, true);
    } finally {
      lock.unlock();
    }
  }

  /// With the lock.
  private void put(byte[] bytes, boolean isAnswer) throws IOException {
    if (closed) {
      throw new IOException("closed");
    }
    ByteBuffer next = ByteBuffer.wrap(bytes);
    if (waiting.isEmpty()) {
      channel.write(next);
    }
    if (next.hasRemaining()) {
      waiting.add(new Piece(next, isAnswer));
      answers += isAnswer ? 1 : 0;
      waitingBytes += next.remaining();
      if (waiting.size() == 1) {
        loop.enqueue(this::interest);
      }
    }
  }

  private void awaitRoom() throws IOException {
    lock.lock();
    try {
      while (waitingBytes >= FULL_BYTES && !closed) {
        changed.await();
      }
      if (closed) {
        throw new IOException("closed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } finally {
      lock.unlock();
    }
  }

  /// Writes what waits. On the loop.
  private void flush() throws IOException {
    boolean room;
    lock.lock();
    try {
      for (Piece next = waiting.peek(); next != null; next = waiting.peek()) {
        waitingBytes -= channel.write(next.bytes());
        if (next.bytes().hasRemaining()) {
          break;
        }
        waiting.poll();
        answers -= next.isAnswer() ? 1 : 0;
      }
      room = waitingBytes < FULL_BYTES && wantsRoom;
      if (waitingBytes < FULL_BYTES) {
        wantsRoom = false;
        changed.signalAll();
      }
      if (waiting.isEmpty()) {
        taken();
      }
    } finally {
      lock.unlock();
    }
    interest();
    if (room) {
      reader.room();
    }
  }

  /// All is taken. With the lock.
  private void taken() throws IOException {
    if (closesWhenTaken) {
      close();
    } else if (finishing && !closed) {
      channel.shutdownOutput();
    }
  }

  @Override
  public void finishOutput() {
    lock.lock();
    try {
      finishing = true;
      if (waiting.isEmpty()) {
        taken();
      }
    } catch (IOException e) {
      close();
    } finally {
      lock.unlock();
    }
  }

  /// Closes once the peer has taken what was written.
  void closeWhenTaken() {
    lock.lock();
    try {
      closesWhenTaken = true;
      if (!waiting.isEmpty()) {
        return;
      }
    } finally {
      lock.unlock();
    }
    close();
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      waiting.clear();
      waitingBytes = 0;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("a socket could not be closed: {}", e.toString());
    }
    loop.enqueue(() -> end(null)); // a selector says nothing of channels that were closed
  }
}
