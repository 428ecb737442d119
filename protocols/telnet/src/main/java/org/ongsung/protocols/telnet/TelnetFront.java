package org.ongsung.protocols.telnet;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.ongsung.gateway.terminal.Spoken;
import org.ongsung.gateway.terminal.TargetMenu;
import org.ongsung.gateway.terminal.TerminalFront;
import org.ongsung.gateway.terminal.TerminalInput;
import org.ongsung.gateway.terminal.TerminalInputQueue;
import org.ongsung.gateway.terminal.TerminalRequest;
import org.ongsung.gateway.terminal.TerminalSignal;
import org.ongsung.model.LanguageChoice;
import org.ongsung.wire.telnet.Environment;
import org.ongsung.wire.telnet.Telnet;
import org.ongsung.wire.telnet.TelnetEncoder;
import org.ongsung.wire.telnet.TelnetNegotiation;
import org.ongsung.wire.telnet.TelnetProtocolException;
import org.ongsung.wire.telnet.TerminalType;
import org.ongsung.wire.telnet.WindowSize;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A person's Telnet client as a terminal: we echo, and it sends each key as it is typed.
///
/// Threads: one of its own reads from the client; see [TerminalFront] for the others.
final class TelnetFront implements TerminalFront, TelnetLink.Owner {
  private static final Logger LOG = LoggerFactory.getLogger(TelnetFront.class);

  /// How long the client may take to read the last words.
  private static final Duration TO_BE_READ = Duration.ofSeconds(1);

  /// How often a client that is not read is looked at.
  private static final Duration LOOK = Duration.ofSeconds(1);

  private static final byte[] NO_OPERATION = TelnetEncoder.command(Telnet.NOP);
  private static final byte[] NOTHING = {};
  private static final Set<Integer> WE_DO =
      Set.of(Telnet.ECHO, Telnet.SUPPRESS_GO_AHEAD, Telnet.BINARY);
  private static final Set<Integer> THEY_DO =
      Set.of(
          Telnet.SUPPRESS_GO_AHEAD,
          Telnet.BINARY,
          Telnet.TERMINAL_TYPE,
          Telnet.WINDOW_SIZE,
          Telnet.NEW_ENVIRONMENT);

  private final TelnetLink link;
  private final TerminalInputQueue typed = new TerminalInputQueue(() -> {});
  private final int bytesBeforeLogin;
  private final Thread reading;

  private volatile byte[] ahead = NOTHING;

  // Guarded by this.
  private String type = "";
  private int columns;
  private int rows;
  private final Map<String, String> environment = new HashMap<>();
  private boolean proven;
  private LanguageChoice chosen = LanguageChoice.AUTO;
  private boolean hungUp;
  private long bytes;

  TelnetFront(Socket socket, Socket underneath, int bytesBeforeLogin) throws IOException {
    this.bytesBeforeLogin = bytesBeforeLogin;
    this.link =
        new TelnetLink(socket, underneath, new TelnetNegotiation(WE_DO, THEY_DO), true, this);
    this.reading = Thread.ofVirtual().name("telnet-reading").unstarted(this::read);
  }

  /// Begins: says what we do and asks what the client does.
  void start() throws IOException {
    TelnetNegotiation negotiation = link.negotiation();
    link.send(negotiation.offer(Telnet.ECHO));
    link.send(negotiation.offer(Telnet.SUPPRESS_GO_AHEAD));
    link.send(negotiation.ask(Telnet.SUPPRESS_GO_AHEAD));
    link.send(negotiation.ask(Telnet.TERMINAL_TYPE));
    link.send(negotiation.ask(Telnet.WINDOW_SIZE));
    link.send(negotiation.ask(Telnet.NEW_ENVIRONMENT));
    reading.start();
  }

  private void read() {
    try {
      for (byte[] data = link.read(); data != null; data = link.read()) {
        if (data.length > 0) {
          count(data.length);
          typed.add(new TerminalInput.Typed(data));
        }
        while (!typed.awaitRoom(LOOK)) {
          link.send(NO_OPERATION); // nothing is read now, so only this can tell that they have left
        }
      }
    } catch (IOException e) {
      LOG.debug("a client is gone: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      typed.add(new TerminalInput.Left());
    }
  }

  private synchronized void count(int length) throws IOException {
    bytes += length;
    if (!proven && bytes > bytesBeforeLogin) {
      throw new IOException("too much before the login");
    }
  }

  /// The login is done: as much as is typed is taken from now on, and the person reads the language
  /// that they chose.
  synchronized void proven(LanguageChoice choice) {
    proven = true;
    chosen = choice;
  }

  /// Waits until the client has told what terminal it is, at most `longest`.
  synchronized void awaitTerminal(Duration longest) throws InterruptedException {
    long end = System.nanoTime() + longest.toNanos();
    while (type.isEmpty()) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return;
      }
      wait(left);
    }
  }

  /// The terminal as far as the client has told it.
  synchronized TerminalRequest request() {
    return new TerminalRequest(type, columns, rows, environment);
  }

  synchronized TargetMenu.Size size() {
    TerminalRequest now = request();
    return new TargetMenu.Size(now.columns(), now.rows());
  }

  // What the client says besides keys.

  @Override
  public void negotiated(TelnetLink from, int option) throws IOException {
    if (!from.negotiation().theyDo(option)) {
      return;
    }
    if (option == Telnet.TERMINAL_TYPE) {
      from.send(subnegotiation(option, TerminalType.send()));
    } else if (option == Telnet.NEW_ENVIRONMENT) {
      from.send(subnegotiation(option, Environment.send(TerminalRequest.ALLOWED_VARIABLES)));
    }
  }

  private static byte[] subnegotiation(int option, byte[] content) {
    return TelnetEncoder.subnegotiation(option, content);
  }

  @Override
  public void subnegotiated(TelnetLink from, int option, byte[] content)
      throws TelnetProtocolException {
    if (!from.negotiation().theyDo(option)) {
      return;
    }
    switch (option) {
      case Telnet.TERMINAL_TYPE ->
          TerminalType.told(content).ifPresent(told -> type(told.toLowerCase(Locale.ROOT)));
      case Telnet.WINDOW_SIZE -> resized(WindowSize.of(content));
      case Telnet.NEW_ENVIRONMENT ->
          environment(Environment.told(content, TerminalRequest.ALLOWED_VARIABLES));
      default -> {}
    }
  }

  private synchronized void type(String told) {
    type = told;
    notifyAll();
  }

  private synchronized void environment(Map<String, String> told) {
    environment.putAll(told);
  }

  private void resized(WindowSize size) {
    TerminalRequest now;
    synchronized (this) {
      columns = size.columns();
      rows = size.rows();
      now = request();
    }
    typed.add(new TerminalInput.Resized(now.columns(), now.rows()));
  }

  @Override
  public void commanded(TelnetLink from, int command) throws IOException {
    switch (command) {
      case Telnet.IP -> typed.add(new TerminalInput.Signalled(TerminalSignal.INTERRUPT));
      case Telnet.BRK -> typed.add(new TerminalInput.Signalled(TerminalSignal.BREAK));
      case Telnet.ABORT -> typed.add(new TerminalInput.Signalled(TerminalSignal.QUIT));
      case Telnet.SUSP -> typed.add(new TerminalInput.Signalled(TerminalSignal.SUSPEND));
      case Telnet.EC -> typed.add(key(0x7f));
      case Telnet.EL -> typed.add(key(0x15));
      case Telnet.EOF -> typed.add(key(0x04));
      case Telnet.AYT -> from.send("\r\n[ongsung]\r\n".getBytes(StandardCharsets.US_ASCII));
      default -> {} // NOP, DM, AO, GA: nothing to do
    }
  }

  private static TerminalInput key(int key) {
    return new TerminalInput.Typed(new byte[] {(byte) key});
  }

  // The terminal.

  /// Puts back what was typed and belongs to whatever comes next. By the thread that asks for it.
  void typedAhead(byte[] bytes) {
    ahead = bytes;
  }

  @Override
  public TerminalInput next() throws InterruptedException {
    byte[] first = ahead;
    ahead = NOTHING;
    return first.length > 0 ? new TerminalInput.Typed(first) : typed.next();
  }

  @Override
  public void awaitLeft() throws InterruptedException {
    typed.awaitLeft();
  }

  @Override
  public void show(byte[] shown, int offset, int length) throws IOException {
    link.write(shown, offset, length);
  }

  /// Shows text of our own.
  void print(String text) throws IOException {
    byte[] shown = text.getBytes(StandardCharsets.UTF_8);
    link.write(shown, 0, shown.length);
  }

  @Override
  public void tell(Spoken line) {
    try {
      print("\r\nongsung: " + line.in(language()).replace("\n", "\r\n") + "\r\n");
    } catch (IOException e) {
      LOG.debug("a client takes no last words: {}", e.toString());
    }
  }

  /// Says the last words, which a client that reads nothing does not hear, and hangs up.
  void farewell(Spoken line) {
    Thread telling = Thread.ofVirtual().name("telnet-farewell").start(() -> tell(line));
    try {
      telling.join(TO_BE_READ);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    hangUp();
  }

  @Override
  public synchronized Locale language() {
    return chosen.or(request().language());
  }

  @Override
  public void hangUp() {
    synchronized (this) {
      if (hungUp) {
        return;
      }
      hungUp = true;
    }
    typed.hangUp();
    Thread.ofVirtual().name("telnet-end").start(this::end);
  }

  private void end() {
    // Apart: with TLS it waits for a writer whose client takes nothing.
    Thread.ofVirtual().name("telnet-finish").start(link::finishOutput);
    try {
      reading.join(TO_BE_READ);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    link.close();
  }
}
