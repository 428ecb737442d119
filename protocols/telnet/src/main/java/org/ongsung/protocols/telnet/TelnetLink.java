package org.ongsung.protocols.telnet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.ongsung.wire.telnet.Telnet;
import org.ongsung.wire.telnet.TelnetDecoder;
import org.ongsung.wire.telnet.TelnetEncoder;
import org.ongsung.wire.telnet.TelnetListener;
import org.ongsung.wire.telnet.TelnetNegotiation;
import org.ongsung.wire.telnet.TelnetProtocolException;
import org.ongsung.wire.telnet.TelnetWireLimits;

/// One Telnet connection, of a person or to a target: data in and out, with the negotiation
/// answered in between.
///
/// Threads: one reads; any write. What answers a negotiation never waits for a writer whose peer
/// takes nothing: it follows that writer's bytes.
final class TelnetLink implements AutoCloseable {
  /// What the owner of a link hears of it, on the thread that reads.
  interface Owner {
    /// The peer does or no longer does an option, or asked us to; see [TelnetNegotiation].
    void negotiated(TelnetLink link, int option) throws IOException;

    void subnegotiated(TelnetLink link, int option, byte[] content)
        throws IOException, TelnetProtocolException;

    void commanded(TelnetLink link, int command) throws IOException;
  }

  private static final int BUFFER_BYTES = 16_384;
  private static final int MAX_WAITING = 256;

  private final Socket socket;
  private final Socket underneath;
  private final InputStream in;
  private final OutputStream out;
  private final TelnetNegotiation negotiation;
  private final Owner owner;
  private final TelnetDecoder decoder;
  private final TelnetEncoder encoder = new TelnetEncoder();
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();
  private final boolean finishesLines;
  private @Nullable Exception failure;

  private final ReentrantLock writing = new ReentrantLock();
  // Guarded by itself.
  private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();

  /// @param socket what is read and written
  /// @param underneath the TCP socket itself, where `socket` is TLS over it
  /// @param keyboard whether the peer is a person, who types keys; else a target, whose keyboard we
  ///   are
  TelnetLink(
      Socket socket,
      Socket underneath,
      TelnetNegotiation negotiation,
      boolean keyboard,
      Owner owner)
      throws IOException {
    this.socket = socket;
    this.underneath = underneath;
    this.in = socket.getInputStream();
    this.out = socket.getOutputStream();
    this.negotiation = negotiation;
    this.owner = owner;
    this.decoder = new TelnetDecoder(new Heard(), TelnetWireLimits.DEFAULT, keyboard);
    this.finishesLines = !keyboard;
  }

  TelnetNegotiation negotiation() {
    return negotiation;
  }

  /// Reads once. Blocks.
  ///
  /// @return the data, perhaps none; null at the end
  byte @Nullable [] read() throws IOException {
    int length = in.read(buffer);
    if (length < 0) {
      return null;
    }
    data.reset();
    try {
      decoder.decode(buffer, 0, length);
    } catch (TelnetProtocolException e) {
      throw new IOException(e.getMessage(), e);
    }
    return switch (failure) {
      case null -> data.toByteArray();
      case IOException e -> throw e;
      case Exception e -> throw new IOException(e.getMessage(), e);
    };
  }

  /// Sends data. Blocks while the peer takes none.
  void write(byte[] bytes, int offset, int length) throws IOException {
    writing.lock();
    try {
      flushWaiting();
      out.write(encoder.data(bytes, offset, length));
      if (finishesLines) {
        out.write(encoder.finishLine());
      }
      flushWaiting();
      out.flush();
    } finally {
      writing.unlock();
    }
    sendWaiting();
  }

  /// Sends a command, negotiation or subnegotiation, after what is being written.
  void send(byte[] raw) throws IOException {
    if (raw.length == 0) {
      return;
    }
    synchronized (waiting) {
      if (waiting.size() >= MAX_WAITING) {
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
    while (true) {
      byte[] next;
      synchronized (waiting) {
        next = waiting.poll();
      }
      if (next == null) {
        return;
      }
      out.write(next);
    }
  }

  /// Says that nothing more comes from us; reading goes on.
  void finishOutput() {
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      close();
    }
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

  private final class Heard implements TelnetListener {
    @Override
    public void data(byte[] bytes, int offset, int length) {
      data.write(bytes, offset, length);
    }

    @Override
    public void command(int command) {
      guarded(() -> owner.commanded(TelnetLink.this, command));
    }

    @Override
    public void negotiation(int verb, int option) {
      boolean weDid = negotiation.weDo(option);
      boolean theyDid = negotiation.theyDo(option);
      guarded(() -> send(negotiation.received(verb, option)));
      if (option == Telnet.BINARY) {
        decoder.binary(negotiation.theyDo(option));
        binary(negotiation.weDo(option));
      }
      if (weDid != negotiation.weDo(option) || theyDid != negotiation.theyDo(option)) {
        guarded(() -> owner.negotiated(TelnetLink.this, option));
      }
    }

    @Override
    public void subnegotiation(int option, byte[] content) {
      guarded(() -> owner.subnegotiated(TelnetLink.this, option, content));
    }

    private void guarded(Answer answer) {
      try {
        if (failure == null) {
          answer.give();
        }
      } catch (IOException | TelnetProtocolException e) {
        failure = e;
      }
    }
  }

  @FunctionalInterface
  private interface Answer {
    void give() throws IOException, TelnetProtocolException;
  }

  private void binary(boolean now) {
    writing.lock();
    try {
      encoder.binary(now);
    } finally {
      writing.unlock();
    }
  }
}
