package org.ongsung.protocols.telnet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ongsung.gateway.loop.SelectorLoop;
import org.ongsung.gateway.terminal.TargetOnLoop;
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
  private static final int BUFFER_BYTES = 16_384;
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
  private final BlockingWire wire;
  private final TelnetLink link;
  private final TerminalRequest terminal;
  private final TextEncoding encoding;
  private volatile WindowSize size;
  private volatile boolean closed;

  // Of the thread that reads.
  private byte[] buffer = new byte[BUFFER_BYTES];
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private byte[] rest = NOTHING;
  private int at;

  // Of the loop.
  private TargetOnLoop.@Nullable Listener relay;

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
    this.wire = new BlockingWire(socket, socket);
    this.link = new TelnetLink(wire, new TelnetNegotiation(WE_DO, THEY_DO), false, this);
  }

  /// Reads once during the login, for at most `millis`.
  ///
  /// @return null at the end
  /// @throws java.net.SocketTimeoutException when nothing came
  byte @Nullable [] readWithin(int millis) throws IOException {
    socket.setSoTimeout(millis);
    return next();
  }

  /// Waits for what the target sends.
  ///
  /// @return the data in it, perhaps none; null at the end
  private byte @Nullable [] next() throws IOException {
    int length = wire.read(buffer);
    if (length < 0) {
      return null;
    }
    link.received(buffer, length);
    byte[] data = shown.toByteArray();
    shown.reset();
    return data;
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
        next = next();
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
  public Optional<TargetOnLoop> join(SelectorLoop loop) throws IOException {
    SocketChannel channel = socket.getChannel();
    if (channel == null || !(loop instanceof TelnetLoop ours)) {
      return Optional.empty();
    }
    buffer = NOTHING;
    OnLoop onLoop = new OnLoop(ours, channel);
    link.goOnBy(onLoop.wire);
    onLoop.wire.start(true);
    if (closed) {
      link.close(); // perhaps it was the socket that was closed, of which a loop hears nothing
    }
    return Optional.of(onLoop);
  }

  /// The target as a relay on a loop has it.
  private final class OnLoop implements TargetOnLoop, LoopWire.Reader {
    private final LoopWire wire;
    private boolean over;
    private @Nullable IOException lost;

    OnLoop(TelnetLoop loop, SocketChannel channel) {
      this.wire = new LoopWire(loop, channel, this);
    }

    @Override
    public void handTo(TargetOnLoop.Listener listener) {
      relay = listener;
      if (at < rest.length) {
        listener.showed(rest, at, rest.length - at);
        at = rest.length;
      }
      if (over) {
        listener.over(lost);
      }
      wire.hold(false);
    }

    @Override
    public void hold(boolean held) {
      wire.hold(held);
    }

    @Override
    public boolean type(byte[] bytes, int offset, int length) throws IOException {
      return wire.offer(() -> link.encoded(bytes, offset, length));
    }

    @Override
    public void closeWhenTaken() {
      wire.closeWhenTaken();
    }

    @Override
    public void received(byte[] bytes, int length) throws IOException {
      link.received(bytes, length);
    }

    @Override
    public void room() {
      if (relay != null) {
        relay.roomToType();
      }
    }

    @Override
    public void over(@Nullable IOException why) {
      over = true;
      lost = closed ? null : why;
      if (relay != null) {
        relay.over(lost);
      }
    }
  }

  @Override
  public void data(TelnetLink from, byte[] data) {
    if (relay == null) {
      shown.writeBytes(data);
    } else {
      relay.showed(data, 0, data.length);
    }
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
