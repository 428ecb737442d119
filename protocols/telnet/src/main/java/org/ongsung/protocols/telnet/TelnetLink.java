package org.ongsung.protocols.telnet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
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
/// Threads: one hands in what was [received][#received]; any write.
final class TelnetLink implements AutoCloseable {
  /// What the owner of a link hears of it, in the order in which it came, on the thread that hands
  /// in what was received.
  interface Owner {
    void data(TelnetLink link, byte[] data) throws IOException;

    /// The peer does or no longer does an option, or asked us to; see [TelnetNegotiation].
    void negotiated(TelnetLink link, int option) throws IOException;

    void subnegotiated(TelnetLink link, int option, byte[] content)
        throws IOException, TelnetProtocolException;

    void commanded(TelnetLink link, int command) throws IOException;
  }

  private final TelnetNegotiation negotiation;
  private final Owner owner;
  private final TelnetDecoder decoder;
  private final TelnetEncoder encoder = new TelnetEncoder();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();
  private final boolean finishesLines;
  private volatile TelnetWire wire;
  private @Nullable Exception failure;

  /// @param keyboard whether the peer is a person, who types keys; else a target, whose keyboard we
  ///   are
  TelnetLink(TelnetWire wire, TelnetNegotiation negotiation, boolean keyboard, Owner owner) {
    this.wire = wire;
    this.negotiation = negotiation;
    this.owner = owner;
    this.decoder = new TelnetDecoder(new Heard(), TelnetWireLimits.DEFAULT, keyboard);
    this.finishesLines = !keyboard;
  }

  TelnetNegotiation negotiation() {
    return negotiation;
  }

  /// Goes on by another wire, while nobody reads or writes.
  void goOnBy(TelnetWire next) {
    wire = next;
  }

  /// Takes what was read; the owner hears of it before this returns.
  ///
  /// @throws IOException when the peer breaks the protocol, or takes no answers
  void received(byte[] bytes, int length) throws IOException {
    try {
      decoder.decode(bytes, 0, length);
    } catch (TelnetProtocolException e) {
      throw new IOException(e.getMessage(), e);
    }
    guarded(this::handOverData);
    switch (failure) {
      case null -> {}
      case IOException e -> throw e;
      case Exception e -> throw new IOException(e.getMessage(), e);
    }
  }

  private void handOverData() throws IOException {
    if (data.size() > 0) {
      byte[] read = data.toByteArray();
      data.reset();
      owner.data(this, read);
    }
  }

  /// Sends data; waits as the wire does.
  void write(byte[] bytes, int offset, int length) throws IOException {
    wire.write(() -> encoded(bytes, offset, length));
  }

  /// Between two writes.
  byte[] encoded(byte[] bytes, int offset, int length) {
    byte[] text = encoder.data(bytes, offset, length);
    if (!finishesLines) {
      return text;
    }
    byte[] end = encoder.finishLine();
    return end.length == 0 ? text : joined(text, end);
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  /// Sends a command, negotiation or subnegotiation, after what is being written. Waits for nobody.
  void send(byte[] raw) throws IOException {
    if (raw.length > 0) {
      wire.answer(raw);
    }
  }

  /// Says that nothing more comes from us; reading goes on.
  void finishOutput() {
    wire.finishOutput();
  }

  @Override
  public void close() {
    wire.close();
  }

  private final class Heard implements TelnetListener {
    @Override
    public void data(byte[] bytes, int offset, int length) {
      data.write(bytes, offset, length);
    }

    @Override
    public void command(int command) {
      guarded(
          () -> {
            handOverData();
            owner.commanded(TelnetLink.this, command);
          });
    }

    @Override
    public void negotiation(int verb, int option) {
      boolean weDid = negotiation.weDo(option);
      boolean theyDid = negotiation.theyDo(option);
      guarded(() -> send(negotiation.received(verb, option)));
      if (option == Telnet.BINARY) {
        decoder.binary(negotiation.theyDo(option));
        encoder.binary(negotiation.weDo(option));
      }
      if (weDid != negotiation.weDo(option) || theyDid != negotiation.theyDo(option)) {
        guarded(() -> owner.negotiated(TelnetLink.this, option));
      }
    }

    @Override
    public void subnegotiation(int option, byte[] content) {
      guarded(
          () -> {
            handOverData();
            owner.subnegotiated(TelnetLink.this, option, content);
          });
    }
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

  @FunctionalInterface
  private interface Answer {
    void give() throws IOException, TelnetProtocolException;
  }
}
