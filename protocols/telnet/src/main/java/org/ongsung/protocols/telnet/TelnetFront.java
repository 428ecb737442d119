package org.ongsung.protocols.telnet;

import java.io.IOException;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.ongsung.gateway.loop.SelectorLoop;
import org.ongsung.gateway.terminal.PersonOnLoop;
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
/// In the clear it stands on an event loop. With TLS a thread of its own reads from the client. See
/// [TerminalFront] for the other threads.
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
  private final TerminalInputQueue typed = new TerminalInputQueue(this::roomForTyping);
  private final int bytesBeforeLogin;
  private final Reading reading;
  private final CountDownLatch left = new CountDownLatch(1);

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

  /// A client on an event loop. Nobody may be waiting for `socket`.
  TelnetFront(SocketChannel socket, TelnetLoop loop, int bytesBeforeLogin) {
    this.bytesBeforeLogin = bytesBeforeLogin;
    OnLoop onLoop = new OnLoop(loop, socket);
    this.reading = onLoop;
    this.link = link(onLoop.wire);
  }

  /// A client that is waited for.
  ///
  /// @param underneath the TCP socket itself, where `socket` is TLS over it
  TelnetFront(Socket socket, Socket underneath, int bytesBeforeLogin) throws IOException {
    this.bytesBeforeLogin = bytesBeforeLogin;
    BlockingWire wire = new BlockingWire(socket, underneath);
    this.reading = new OnThread(wire);
    this.link = link(wire);
  }

  private TelnetLink link(TelnetWire wire) {
    return new TelnetLink(wire, new TelnetNegotiation(WE_DO, THEY_DO), true, this);
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

  /// How the client is read.
  private sealed interface Reading {
    void start() throws IOException;

    /// The queue of what was typed has room again; any thread.
    void room();

    /// Takes what the client did.
    void did(TerminalInput input);

    /// Nobody takes anything more; any thread.
    void hungUp();
  }

  /// By a thread that waits for it.
  private final class OnThread implements Reading {
    private static final int BUFFER_BYTES = 16_384;

    private final BlockingWire wire;

    OnThread(BlockingWire wire) {
      this.wire = wire;
    }

    @Override
    public void start() {
      Thread.ofVirtual().name("telnet-reading").start(this::read);
    }

    @Override
    public void room() {}

    @Override
    public void did(TerminalInput input) {
      typed.add(input);
    }

    @Override
    public void hungUp() {}

    private void read() {
      byte[] buffer = new byte[BUFFER_BYTES];
      try {
        for (int length = wire.read(buffer); length >= 0; length = wire.read(buffer)) {
          link.received(buffer, length);
          while (!typed.awaitRoom(LOOK)) {
            look();
          }
        }
      } catch (IOException e) {
        LOG.debug("a client is gone: {}", e.toString());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        typed.add(new TerminalInput.Left());
        left.countDown();
      }
    }
  }

  /// Nothing is read now, so only this can tell that they have left.
  private void look() throws IOException {
    link.send(NO_OPERATION);
  }

  private void roomForTyping() {
    reading.room();
  }

  /// By an event loop. What a relay on it takes does not pass the queue, unless the relay holds it
  /// up. Threads: the loop's, but for what [Reading] says.
  private final class OnLoop implements Reading, LoopWire.Reader, PersonOnLoop {
    private final LoopWire wire;
    private PersonOnLoop.@Nullable Listener relay;
    private boolean relayHolds;
    private boolean looking;

    OnLoop(TelnetLoop loop, SocketChannel socket) {
      this.wire = new LoopWire(loop, socket, this);
    }

    @Override
    public void start() throws IOException {
      wire.start(false);
    }

    @Override
    public void received(byte[] bytes, int length) throws IOException {
      link.received(bytes, length);
      if (!typed.hasRoom()) {
        wire.hold(true);
        lookLater();
      }
    }

    private void lookLater() {
      if (!looking) {
        looking = true;
        loop().schedule(LOOK, this::lookNow);
      }
    }

    private void lookNow() {
      looking = false;
      if (typed.hasRoom()) {
        return;
      }
      try {
        look();
        lookLater();
      } catch (IOException e) {
        LOG.debug("a client is gone: {}", e.toString());
        wire.close();
      }
    }

    @Override
    public void did(TerminalInput input) {
      if (relay != null && !relayHolds) {
        relay.did(input);
      } else {
        typed.add(input);
      }
    }

    @Override
    public void room() {
      loop().enqueue(() -> wire.hold(false));
    }

    @Override
    public void over(@Nullable IOException why) {
      if (why != null) {
        LOG.debug("a client is gone: {}", why.toString());
      }
      left.countDown();
      if (relay != null) {
        relay.left();
      }
      did(new TerminalInput.Left());
    }

    // What a relay asks.

    @Override
    public SelectorLoop loop() {
      return wire.loop();
    }

    @Override
    public void handTo(PersonOnLoop.Listener listener) {
      relay = listener;
      byte[] first = ahead;
      ahead = NOTHING;
      if (first.length > 0) {
        listener.did(new TerminalInput.Typed(first));
      }
      handOver(listener);
      if (left.getCount() == 0) {
        listener.left();
      }
    }

    @Override
    public void hold(boolean held) {
      boolean released = relayHolds && !held;
      relayHolds = held;
      if (released && relay != null) {
        handOver(relay);
      }
    }

    private void handOver(PersonOnLoop.Listener to) {
      TerminalInput next = relayHolds ? null : typed.poll();
      while (next != null) {
        to.did(next);
        next = relayHolds || next instanceof TerminalInput.Left ? null : typed.poll();
      }
    }

    @Override
    public boolean show(byte[] bytes, int offset, int length) throws IOException {
      return wire.offer(() -> link.encoded(bytes, offset, length));
    }

    @Override
    public void hungUp() {
      loop()
          .enqueue(
              () -> {
                if (relay != null) {
                  relay.did(new TerminalInput.Left());
                }
              });
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

  // What the client says.

  @Override
  public void data(TelnetLink from, byte[] data) throws IOException {
    count(data.length);
    reading.did(new TerminalInput.Typed(data));
  }

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
    reading.did(new TerminalInput.Resized(now.columns(), now.rows()));
  }

  @Override
  public void commanded(TelnetLink from, int command) throws IOException {
    switch (command) {
      case Telnet.IP -> reading.did(new TerminalInput.Signalled(TerminalSignal.INTERRUPT));
      case Telnet.BRK -> reading.did(new TerminalInput.Signalled(TerminalSignal.BREAK));
      case Telnet.ABORT -> reading.did(new TerminalInput.Signalled(TerminalSignal.QUIT));
      case Telnet.SUSP -> reading.did(new TerminalInput.Signalled(TerminalSignal.SUSPEND));
      case Telnet.EC -> reading.did(key(0x7f));
      case Telnet.EL -> reading.did(key(0x15));
      case Telnet.EOF -> reading.did(key(0x04));
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
  public Optional<PersonOnLoop> onLoop() {
    return reading instanceof OnLoop onLoop ? Optional.of(onLoop) : Optional.empty();
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
    reading.hungUp();
    Thread.ofVirtual().name("telnet-end").start(this::end);
  }

  /// Closes the connection at once, without a word.
  void cut() {
    link.close();
  }

  private void end() {
    link.finishOutput();
    try {
      // One that hears nothing is not waited for.
      var _ = left.await(TO_BE_READ.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    link.close();
  }
}
