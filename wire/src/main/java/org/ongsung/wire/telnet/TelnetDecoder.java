package org.ongsung.wire.telnet;

import java.io.ByteArrayOutputStream;

/// Reads one direction of a Telnet connection (RFC 854), resumable at any byte.
///
///     data                        IAC IAC is a 255; CR NUL is a CR (not while [binary][#binary]),
///                                 and so is the CR LF of a keyboard
///     IAC command                 one byte, 240 to 249 and whatever else there is
///     IAC WILL|WONT|DO|DONT option
///     IAC SB option content IAC SE     IAC IAC in the content is a 255
///
/// A Synch (RFC 854) ends with a Data Mark: it comes as a [command][TelnetListener#command], and
/// what was sent before it is not thrown away, because a gateway sees no urgent pointer in time; the
/// socket must hand urgent bytes over in their place (`SO_OOBINLINE`), or an escape is torn apart.
///
/// For one thread.
public final class TelnetDecoder {
  private enum State {
    DATA,
    /// A CR was data, and a NUL after it is none.
    AFTER_CR,
    COMMAND,
    OPTION,
    SUB_OPTION,
    SUB_CONTENT,
    SUB_COMMAND
  }

  private final TelnetListener listener;
  private final TelnetWireLimits limits;
  private final boolean keyboard;
  private final ByteArrayOutputStream content = new ByteArrayOutputStream(64);
  private State state = State.DATA;
  private boolean afterCr;
  private boolean binary;
  private int verb;
  private int option;
  private int negotiations;
  private byte[] data = new byte[512];
  private int dataLength;

  /// @param keyboard whether what comes is typed by a person, where the Telnet end of a line is the
  ///   key Enter and so a CR
  public TelnetDecoder(TelnetListener listener, TelnetWireLimits limits, boolean keyboard) {
    this.listener = listener;
    this.limits = limits;
    this.keyboard = keyboard;
  }

  /// Whether this direction is binary (RFC 856) from the next byte on.
  public void binary(boolean now) {
    binary = now;
  }

  /// Reads bytes as they come, in pieces of any size. What a listener throws passes through.
  public void decode(byte[] bytes, int offset, int length) throws TelnetProtocolException {
    if (data.length < length) {
      data = new byte[length];
    }
    dataLength = 0;
    int end = offset + length;
    for (int at = offset; at < end; ) {
      int plain = state == State.DATA ? Telnet.plain(bytes, at, end) : 0;
      if (plain > 0) {
        System.arraycopy(bytes, at, data, dataLength, plain);
        dataLength += plain;
        negotiations = 0; // a peer that goes on talking is not caught in a loop of answers
        at += plain;
      } else {
        take(bytes[at++] & 0xff);
      }
    }
    flush();
  }

  private void take(int b) throws TelnetProtocolException {
    switch (state) {
      case DATA, AFTER_CR -> data(b);
      case COMMAND -> command(b);
      case OPTION -> {
        state = afterCr ? State.AFTER_CR : State.DATA;
        if (++negotiations > limits.negotiations()) {
          throw new TelnetProtocolException("too much negotiation");
        }
        listener.negotiation(verb, b);
      }
      case SUB_OPTION -> {
        option = b;
        content.reset();
        state = State.SUB_CONTENT;
      }
      case SUB_CONTENT -> {
        if (b == Telnet.IAC) {
          state = State.SUB_COMMAND;
        } else {
          content(b);
        }
      }
      case SUB_COMMAND -> afterEscapeInContent(b);
    }
  }

  private void data(int b) {
    if (b == Telnet.IAC) {
      afterCr = state == State.AFTER_CR;
      state = State.COMMAND;
      return;
    }
    boolean padding = state == State.AFTER_CR && !binary && (b == 0 || (b == '\n' && keyboard));
    state = b == '\r' ? State.AFTER_CR : State.DATA;
    if (!padding) {
      negotiations = 0;
      data[dataLength++] = (byte) b;
    }
  }

  private void command(int b) throws TelnetProtocolException {
    state = afterCr ? State.AFTER_CR : State.DATA;
    switch (b) {
      case Telnet.IAC -> {
        data[dataLength++] = (byte) Telnet.IAC;
        state = State.DATA;
      }
      case Telnet.WILL, Telnet.WONT, Telnet.DO, Telnet.DONT -> {
        flush();
        verb = b;
        state = State.OPTION;
      }
      case Telnet.SB -> {
        flush();
        state = State.SUB_OPTION;
      }
      case Telnet.SE -> throw new TelnetProtocolException("the end of no subnegotiation");
      default -> {
        flush();
        listener.command(b);
      }
    }
  }

  private void content(int b) throws TelnetProtocolException {
    if (content.size() >= limits.subnegotiationBytes()) {
      throw new TelnetProtocolException("a subnegotiation that is too long");
    }
    content.write(b);
  }

  private void afterEscapeInContent(int b) throws TelnetProtocolException {
    switch (b) {
      case Telnet.IAC -> {
        content(b);
        state = State.SUB_CONTENT;
      }
      case Telnet.SE -> {
        state = afterCr ? State.AFTER_CR : State.DATA;
        listener.subnegotiation(option, content.toByteArray());
      }
      default -> throw new TelnetProtocolException("a command inside a subnegotiation");
    }
  }

  private void flush() {
    if (dataLength > 0) {
      int length = dataLength;
      dataLength = 0;
      listener.data(data, 0, length);
    }
  }
}
