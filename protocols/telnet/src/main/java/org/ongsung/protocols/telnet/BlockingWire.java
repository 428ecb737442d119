package org.ongsung.protocols.telnet;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A socket that is waited for: in the clear, with TLS, or a passage by a worker.
///
/// Threads: one reads; any write. An answer never waits for a writer whose peer takes nothing: it
/// follows that writer's bytes.
final class BlockingWire implements TelnetWire {
  private static final int MAX_ANSWERS = 256;

  private final Socket socket;
  private final Socket underneath;
  private final InputStream in;
  private final OutputStream out;
  private final ReentrantLock writing = new ReentrantLock();
  // Guarded by itself.
  private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();

  /// @param socket what is read and written
  /// @param underneath the TCP socket itself, where `socket` is TLS over it
  BlockingWire(Socket socket, Socket underneath) throws IOException {
    this.socket = socket;
    this.underneath = underneath;
    this.in = socket.getInputStream();
    this.out = socket.getOutputStream();
  }

  /// Waits for bytes.
  ///
  /// @return how many, negative at the end
  int read(byte[] into) throws IOException {
    return in.read(into);
  }

  @Override
  public void write(Supplier<byte[]> encoded) throws IOException {
    writing.lock();
    try {
      flushWaiting();
      out.write(encoded.get());
      flushWaiting();
      out.flush();
    } finally {
      writing.unlock();
    }
    sendWaiting();
  }

  @Override
  public void answer(byte[] raw) throws IOException {
    synchronized (waiting) {
      if (waiting.size() >= MAX_ANSWERS) {
        throw new IOException("the peer asks and takes no answers");
      }
      waiting.add(raw);
    }
    sendWaiting();
  }

  private void sendWaiting() throws IOException {
    while (isWaiting() && writing.tryLock()) {
      try {
        flushWaiting();
        out.flush();
      } finally {
        writing.unlock();
      }
    }
  }

  private boolean isWaiting() {
    synchronized (waiting) {
      return !waiting.isEmpty();
    }
  }

  private void flushWaiting() throws IOException {
    for (byte[] next = nextWaiting(); next != null; next = nextWaiting()) {
      out.write(next);
    }
  }

  private byte @Nullable [] nextWaiting() {
    synchronized (waiting) {
      return waiting.poll();
    }
  }

  @Override
  public void finishOutput() {
    // Apart: with TLS it waits for a writer whose client takes nothing.
    Thread.ofVirtual()
        .name("telnet-finish")
        .start(
            () -> {
              try {
                socket.shutdownOutput();
              } catch (IOException e) {
                close();
              }
            });
  }

  @Override
  public void close() {
    try {
      // Not the TLS over it: that one waits for a writer to tell the peer.
      underneath.close();
    } catch (IOException e) {
      // It is closed.
    }
  }
}
