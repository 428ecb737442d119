package org.ongsung.practice.shell;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A bounded pipe between two commands: who writes waits while it is full, who reads while it is
/// empty. Writing to a pipe that nobody reads any more fails with [Broken].
final class Pipe {
  private static final int BYTES = 64 << 10;

  /// The reader has gone.
  static final class Broken extends IOException {
    Broken() {
      super("Broken pipe");
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final byte[] buffer = new byte[BYTES];
  private int start;
  private int count;
  private boolean written;
  private boolean abandoned;

  final OutputStream writeEnd =
      new OutputStream() {
        @Override
        public void write(int octet) throws IOException {
          write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          put(bytes, offset, length);
        }

        @Override
        public void close() {
          end(true);
        }
      };

  final InputStream readEnd =
      new InputStream() {
        @Override
        public int read() throws IOException {
          byte[] one = new byte[1];
          return take(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
          return length == 0 ? 0 : take(bytes, offset, length);
        }

        @Override
        public void close() {
          end(false);
        }
      };

  private void put(byte[] bytes, int offset, int length) throws IOException {
    lock.lock();
    try {
      int done = 0;
      while (done < length) {
        while (count == BYTES && !abandoned) {
          changed.await();
        }
        if (abandoned) {
          throw new Broken();
        }
        int now = Math.min(length - done, BYTES - count);
        for (int at = 0; at < now; at++) {
          buffer[(start + count++) % BYTES] = bytes[offset + done + at];
        }
        done += now;
        changed.signalAll();
      }
    } catch (InterruptedException e) {
      throw interrupted();
    } finally {
      lock.unlock();
    }
  }

  private int take(byte[] bytes, int offset, int length) throws IOException {
    lock.lock();
    try {
      while (count == 0 && !written) {
        changed.await();
      }
      if (count == 0) {
        return -1;
      }
      int now = Math.min(length, count);
      for (int at = 0; at < now; at++) {
        bytes[offset + at] = buffer[start];
        start = (start + 1) % BYTES;
      }
      count -= now;
      changed.signalAll();
      return now;
    } catch (InterruptedException e) {
      throw interrupted();
    } finally {
      lock.unlock();
    }
  }

  private static InterruptedIOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted");
  }

  private void end(boolean byWriter) {
    lock.lock();
    try {
      written |= byWriter;
      abandoned |= !byWriter;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
