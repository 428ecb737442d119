package org.ongsung.fastcgi.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.ongsung.fastcgi.wire.Parsed;
import org.ongsung.fastcgi.wire.RecordParser;

/// One connection to an application: blocking reads and writes that fail after a silence.
/// Unix-domain channels have no time-outs of their own, so a thread watches over each exchange and
/// closes the channel.
final class FastCgiWire implements AutoCloseable {
  private static final int INPUT_BYTES = 32 << 10;

  private final SocketChannel channel;
  private final Duration silence;
  private final RecordParser parser = new RecordParser();
  private final ByteBuffer input = ByteBuffer.allocate(INPUT_BYTES).flip();
  private final ReentrantLock writing = new ReentrantLock();
  private final ReentrantLock watch = new ReentrantLock();
  private final Condition changed = watch.newCondition();
  private boolean watched;
  private volatile long lastByte = System.nanoTime();
  private volatile boolean timedOut;

  FastCgiWire(SocketChannel channel, Duration silence) {
    this.channel = channel;
    this.silence = silence;
  }

  void connect(SocketAddress address) throws IOException {
    watched();
    try {
      channel.connect(address);
    } catch (IOException e) {
      throw explained(e);
    } finally {
      unwatched();
    }
  }

  /// Whether nothing has come since the last exchange, not even the end.
  boolean isQuiet() {
    // what is left of the last record may only be its padding
    if (!(parser.next(input) instanceof Parsed.NeedInput) || !parser.atRecordStart()) {
      return false;
    }
    try {
      channel.configureBlocking(false);
      int read = channel.read(input.clear());
      input.flip();
      channel.configureBlocking(true);
      return read == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /// From now on, silence closes the channel.
  void watched() {
    watch.lock();
    try {
      if (!watched) {
        watched = true;
        lastByte = System.nanoTime();
        Thread.ofVirtual().name("fastcgi-watch").start(this::watchOver);
      }
    } finally {
      watch.unlock();
    }
  }

  void unwatched() {
    watch.lock();
    try {
      watched = false;
      changed.signalAll();
    } finally {
      watch.unlock();
    }
  }

  private void watchOver() {
    watch.lock();
    try {
      while (watched) {
        long left = silence.toNanos() - (System.nanoTime() - lastByte);
        if (left <= 0) {
          timedOut = true;
          close();
          return;
        }
        changed.await(left, TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      watch.unlock();
    }
  }

  /// Writes whole records, one caller after the other.
  void write(ByteBuffer... records) throws IOException {
    writing.lock();
    try {
      while (records[records.length - 1].hasRemaining()) {
        channel.write(records);
        lastByte = System.nanoTime();
      }
    } catch (IOException e) {
      throw explained(e);
    } finally {
      writing.unlock();
    }
  }

  /// The next piece of a record.
  ///
  /// @throws EOFException when the application has hung up
  Parsed.Fragment next() throws IOException {
    while (true) {
      switch (parser.next(input)) {
        case Parsed.Fragment fragment -> {
          return fragment;
        }
        case Parsed.Malformed malformed -> throw new FastCgiException(malformed.reason());
        case Parsed.NeedInput _ -> fill();
      }
    }
  }

  private void fill() throws IOException {
    try {
      int read = channel.read(input.clear());
      input.flip();
      lastByte = System.nanoTime();
      if (read < 0) {
        throw new EOFException("the application hung up");
      }
    } catch (IOException e) {
      throw explained(e);
    }
  }

  private IOException explained(IOException failure) {
    if (timedOut) {
      return new SocketTimeoutException("nothing came or went for " + silence);
    }
    if (failure instanceof ClosedByInterruptException) {
      return new InterruptedIOException("interrupted");
    }
    return failure;
  }

  @Override
  public void close() {
    unwatched();
    try {
      channel.close();
    } catch (IOException e) {
      // nothing is lost with it
    }
  }
}
