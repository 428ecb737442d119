package org.ongsung.protocols.telnet;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.Optional;
import java.util.Set;
import org.ongsung.gateway.terminal.TerminalExit;
import org.ongsung.gateway.terminal.TerminalRequest;
import org.ongsung.gateway.terminal.TerminalSignal;
import org.ongsung.gateway.terminal.TerminalUpstream;
import org.ongsung.gateway.via.Passage;
import org.ongsung.model.TextEncoding;
import org.ongsung.wire.telnet.CharacterSet;
import org.ongsung.wire.telnet.Environment;
import org.ongsung.wire.telnet.Telnet;
import org.ongsung.wire.telnet.TelnetEncoder;
import org.ongsung.wire.telnet.TelnetNegotiation;
import org.ongsung.wire.telnet.TerminalType;
import org.ongsung.wire.telnet.WindowSize;

/// A terminal at a Telnet target; we are its client.
///
/// What it may ask us to do stands in a list: terminal type, speed, window size, character set, and
/// an environment that holds what [TerminalRequest] lets through and nothing else. Everything else,
/// known or not, is refused.
final class TelnetTerminal implements TerminalUpstream, TelnetLink.Owner {
  private static final String SPEED = "38400,38400";
  private static final byte[] NOTHING = {};
  private static final Set<Integer> WE_DO =
      Set.of(
          Telnet.SUPPRESS_GO_AHEAD,
          Telnet.BINARY,
          Telnet.TERMINAL_TYPE,
          Telnet.TERMINAL_SPEED,
          Telnet.WINDOW_SIZE,
          Telnet.NEW_ENVIRONMENT,
          Telnet.CHARACTER_SET);
  private static final Set<Integer> THEY_DO =
      Set.of(Telnet.ECHO, Telnet.SUPPRESS_GO_AHEAD, Telnet.BINARY);

  private final Socket socket;
  private final Optional<Passage> passage;
  private final TelnetLink link;
  private final TerminalRequest terminal;
  private final TextEncoding encoding;
  private volatile WindowSize size;
  private volatile boolean closed;

  // Of the thread that reads.
  private byte[] rest = NOTHING;
  private int at;

  /// @param passage what `socket` is, where the target is reached by a worker
  /// @param encoding what the target writes, and what is agreed to if it asks
  TelnetTerminal(
      Socket socket, Optional<Passage> passage, TerminalRequest terminal, TextEncoding encoding)
      throws IOException {
    this.socket = socket;
    this.passage = passage;
    this.terminal = terminal;
    this.encoding = encoding;
    this.size = new WindowSize(terminal.columns(), terminal.rows());
    this.link = new TelnetLink(socket, socket, new TelnetNegotiation(WE_DO, THEY_DO), false, this);
  }

  /// Reads once during the login, for at most `millis`.
  ///
  /// @return null at the end
  /// @throws java.net.SocketTimeoutException when nothing came
  byte @org.jspecify.annotations.Nullable [] readWithin(int millis) throws IOException {
    socket.setSoTimeout(millis);
    return link.read();
  }

  /// Shows `shown` before whatever comes next; the login is over.
  void beginWith(byte[] shown) throws SocketException {
    socket.setSoTimeout(0);
    rest = shown;
    at = 0;
  }

  @Override
  public int read(byte[] into) throws IOException {
    while (at == rest.length) {
      byte[] next;
      try {
        next = link.read();
      } catch (IOException e) {
        if (closed) {
          return -1;
        }
        throw e;
      }
      if (next == null) {
        return -1;
      }
      rest = next;
      at = 0;
    }
    int length = Math.min(into.length, rest.length - at);
    System.arraycopy(rest, at, into, 0, length);
    at += length;
    return length;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    link.write(bytes, offset, length);
  }

  @Override
  public void resize(int columns, int rows) throws IOException {
    size = new WindowSize(columns, rows);
    if (link.negotiation().weDo(Telnet.WINDOW_SIZE)) {
      tellSize();
    }
  }

  private void tellSize() throws IOException {
    link.send(TelnetEncoder.subnegotiation(Telnet.WINDOW_SIZE, size.content()));
  }

  @Override
  public void signal(TerminalSignal signal) throws IOException {
    int command =
        switch (signal) {
          case BREAK -> Telnet.BRK;
          case INTERRUPT -> Telnet.IP;
          case QUIT -> Telnet.ABORT;
          case SUSPEND -> Telnet.SUSP;
          case HANGUP, TERMINATE, KILL -> 0; // Telnet has none of them
        };
    if (command != 0) {
      link.send(TelnetEncoder.command(command));
    }
  }

  @Override
  public TerminalExit exit() {
    return TerminalExit.UNKNOWN;
  }

  @Override
  public Optional<String> lostWorker() {
    return passage.filter(Passage::isLost).map(Passage::worker);
  }

  @Override
  public void close() {
    closed = true;
    link.close();
  }

  // What the target asks.

  @Override
  public void negotiated(TelnetLink from, int option) throws IOException {
    if (option == Telnet.WINDOW_SIZE && from.negotiation().weDo(option)) {
      tellSize();
    }
  }

  @Override
  public void subnegotiated(TelnetLink from, int option, byte[] content) throws IOException {
    if (!from.negotiation().weDo(option)) {
      return;
    }
    byte[] answer =
        switch (option) {
          case Telnet.TERMINAL_TYPE ->
              TerminalType.asks(content) ? TerminalType.is(terminal.type()) : NOTHING;
          case Telnet.TERMINAL_SPEED ->
              TerminalType.asks(content) ? TerminalType.is(SPEED) : NOTHING;
          case Telnet.NEW_ENVIRONMENT ->
              Environment.asks(content) ? Environment.is(terminal.environment()) : NOTHING;
          case Telnet.CHARACTER_SET ->
              CharacterSet.asks(content) ? CharacterSet.answer(content, encoding.text()) : NOTHING;
          default -> NOTHING;
        };
    if (answer.length > 0) {
      from.send(TelnetEncoder.subnegotiation(option, answer));
    }
  }

  @Override
  public void commanded(TelnetLink from, int command) {
    // A target's commands change nothing for the person: GA, NOP and the Data Mark of its Synch.
  }
}
