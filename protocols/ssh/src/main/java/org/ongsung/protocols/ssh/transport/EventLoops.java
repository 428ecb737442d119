package org.ongsung.protocols.ssh.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.Factory;
import org.apache.sshd.common.FactoryManager;
import org.apache.sshd.common.io.IoServiceFactory;
import org.apache.sshd.common.io.IoServiceFactoryFactory;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.util.threads.CloseableExecutorService;
import org.apache.sshd.server.SshServer;
import org.jspecify.annotations.Nullable;
import org.ongsung.gateway.AddressPlaces;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The event loops that SSH servers and clients of this process share; the way into this package.
///
/// ```java
/// EventLoops loops = EventLoops.start(TransportLimits.DEFAULT);
/// loops.serve(sshServer);              // before sshServer.start()
/// loops.dial(sshClient);               // before sshClient.start()
/// …
/// sshClient.connect(user, address, EventLoops.joining(inbound), null);   // both legs on one loop
/// …
/// loops.drain(Duration.ofSeconds(30)); // no new connections, wait for those that are
/// loops.close();
/// ```
public final class EventLoops implements IoServiceFactoryFactory, AutoCloseable {

  /// How servers on these loops call themselves (RFC 4253 section 4.2).
  public static final String SERVER_NAME = "Ongsung";

  private static final Logger LOG = LoggerFactory.getLogger(EventLoops.class);
  private static final Duration JOIN = Duration.ofSeconds(10);

  /// Names the session whose loop an outgoing connection shall join; see [#joining].
  private static final AttributeRepository.AttributeKey<LoopSession> JOIN_LOOP_OF =
      new AttributeRepository.AttributeKey<>();

  /// The channel that a connection is made of; see [#over].
  static final AttributeRepository.AttributeKey<SocketChannel> CONNECTED =
      new AttributeRepository.AttributeKey<>();

  private final TransportLimits limits;
  private final Predicate<InetAddress> balancers;
  private final List<EventLoop> loops;
  private final KeyExchangeGate keyExchanges;
  private final Set<LoopService> services = ConcurrentHashMap.newKeySet();
  private final AtomicInteger turn = new AtomicInteger();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger handshakes = new AtomicInteger();
  private final AddressPlaces places;
  private volatile CrowdListener crowds = (address, turnedAway) -> {};
  private final AtomicBoolean closed = new AtomicBoolean();

  private EventLoops(TransportLimits limits, Predicate<InetAddress> balancers) {
    this.limits = limits;
    this.balancers = balancers;
    this.keyExchanges = new KeyExchangeGate(limits);
    this.places = new AddressPlaces(limits.handshakesPerAddress());
    List<EventLoop> made = new ArrayList<>(limits.loops());
    for (int i = 0; i < limits.loops(); i++) {
      made.add(new EventLoop(i, limits));
    }
    this.loops = List.copyOf(made);
  }

  /// Makes the loops and starts their threads.
  public static EventLoops start(TransportLimits limits) {
    return start(limits, peer -> false);
  }

  /// Makes the loops and starts their threads.
  ///
  /// @param balancers which peers are load balancers, whose connections to a listener must begin
  ///   with a PROXY header and count as their client's
  public static EventLoops start(TransportLimits limits, Predicate<InetAddress> balancers) {
    EventLoops made = new EventLoops(limits, balancers);
    made.loops.forEach(EventLoop::start);
    return made;
  }

  /// Has a server listen on these loops, with [LoopServerSession]s. Call before it starts.
  ///
  /// Whoever needs sessions of their own sets a session factory afterwards whose sessions extend
  /// [LoopServerSession].
  public void serve(SshServer server) {
    server.setIoServiceFactoryFactory(this);
    server.setSessionFactory(new LoopServerSession.Factory(server, keyExchanges));
  }

  /// Has a client dial on these loops, with [LoopClientSession]s. Call before it starts.
  public void dial(SshClient client) {
    client.setIoServiceFactoryFactory(this);
    client.setSessionFactory(new LoopClientSession.Factory(client, keyExchanges));
  }

  /// Sets who is told of addresses with too many connections that have not authenticated.
  public void onCrowd(CrowdListener listener) {
    crowds = listener;
  }

  /// A connect context that puts an outgoing connection on the loop of `session`, from any thread.
  public static AttributeRepository joining(IoSession session) {
    return AttributeRepository.ofKeyValuePair(JOIN_LOOP_OF, LoopSession.of(session));
  }

  /// The same, with further attributes for whoever reads the connect context.
  public static AttributeRepository joining(IoSession session, AttributeRepository others) {
    return plus(JOIN_LOOP_OF, LoopSession.of(session), others);
  }

  private static <V> AttributeRepository plus(
      AttributeRepository.AttributeKey<V> more, V value, AttributeRepository others) {
    return new AttributeRepository() {
      @Override
      public int getAttributesCount() {
        return others.getAttributesCount() + 1;
      }

      @Override
      @SuppressWarnings("unchecked") // a key carries the type of its value
      public <T> @Nullable T getAttribute(AttributeKey<T> key) {
        return key.equals(more) ? (T) value : others.getAttribute(key);
      }

      @Override
      public java.util.Collection<AttributeKey<?>> attributeKeys() {
        List<AttributeKey<?>> keys = new ArrayList<>(others.attributeKeys());
        keys.add(more);
        return keys;
      }
    };
  }

  /// The connect context for a channel that is connected already, by whatever way; with further
  /// attributes. The address that the client is told to connect to is then a name and no more.
  public static AttributeRepository over(SocketChannel channel, AttributeRepository others) {
    return plus(CONNECTED, channel, others);
  }

  /// How many connections were accepted and have not ended.
  public int connections() {
    return connections.get();
  }

  /// How many of them have not authenticated yet.
  public int handshakes() {
    return handshakes.get();
  }

  /// What bounds the key exchanges of all sessions on these loops.
  public KeyExchangeGate keyExchanges() {
    return keyExchanges;
  }

  /// The bounds that hold here.
  public TransportLimits limits() {
    return limits;
  }

  /// Has the servers on these loops listen at one more place.
  public void listenAlso(SocketAddress address) throws IOException {
    for (LoopService service : services) {
      if (service instanceof LoopAcceptor acceptor) {
        acceptor.bind(address);
        return;
      }
    }
    throw new IOException("nothing listens");
  }

  /// Listens there no more; whoever is connected stays.
  public void listenNoMore(SocketAddress address) {
    for (LoopService service : services) {
      if (service instanceof LoopAcceptor acceptor) {
        acceptor.unbind(address);
      }
    }
  }

  /// Stops listening, and waits until every session, inbound and outbound, has ended.
  ///
  /// @return whether all have ended within `wait`
  public boolean drain(Duration wait) throws InterruptedException {
    for (LoopService service : services) {
      if (service instanceof LoopAcceptor acceptor) {
        acceptor.unbind();
      }
    }
    long deadline = System.nanoTime() + wait.toNanos();
    while (open() > 0) {
      if (System.nanoTime() - deadline >= 0) {
        return false;
      }
      Thread.sleep(20);
    }
    return true;
  }

  private int open() {
    int sum = 0;
    for (LoopService service : services) {
      sum += service.getManagedSessions().size();
    }
    return sum;
  }

  /// Closes what is still open at once, ends the threads, and gives back selectors and buffers.
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    for (LoopService service : services) {
      service.close(true);
    }
    for (EventLoop loop : loops) {
      loop.stop();
    }
    for (EventLoop loop : loops) {
      try {
        if (!loop.join(JOIN)) {
          LOG.warn("An SSH event loop did not end within {}", JOIN);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  // --- MINA's side

  @Override
  public IoServiceFactory create(FactoryManager manager) {
    return new LoopServiceFactory(this, manager.getIoServiceEventListener());
  }

  /// Not used: the loops bring their own threads.
  @Override
  public void setExecutorServiceFactory(Factory<CloseableExecutorService> factory) {}

  // --- what the rest of the transport asks

  void adopt(LoopService service) {
    services.add(service);
    service.addCloseFutureListener(done -> services.remove(service));
    if (closed.get()) {
      service.close(true);
    }
  }

  EventLoop next() {
    return loops.get(Math.floorMod(turn.getAndIncrement(), loops.size()));
  }

  EventLoop choose(@Nullable AttributeRepository context) {
    LoopSession joined = context == null ? null : context.getAttribute(JOIN_LOOP_OF);
    if (joined != null && loops.contains(joined.loop())) {
      return joined.loop();
    }
    for (EventLoop loop : loops) {
      if (loop.isCurrent()) {
        return loop;
      }
    }
    return next();
  }

  boolean isBalancer(SocketAddress peer) {
    return peer instanceof InetSocketAddress inet && balancers.test(inet.getAddress());
  }

  /// Counts a new connection in, unless there are too many.
  boolean admit() {
    if (connections.incrementAndGet() > limits.connectionsMax()) {
      connections.decrementAndGet();
      return false;
    }
    if (handshakes.incrementAndGet() > limits.handshakesMax()) {
      handshakes.decrementAndGet();
      connections.decrementAndGet();
      return false;
    }
    return true;
  }

  void handshakeDone() {
    handshakes.decrementAndGet();
  }

  /// Gives a client that was counted in a place among those of its address, unless those are taken.
  boolean seat(InetAddress client) {
    if (places.take(client)) {
      return true;
    }
    long untold = places.turnedAway(client, System.nanoTime());
    if (untold > 0) {
      crowds.crowded(client, untold);
    }
    return false;
  }

  void unseat(InetAddress client) {
    places.giveBack(client);
  }

  void released() {
    connections.decrementAndGet();
  }

  void wakeAll() {
    for (EventLoop loop : loops) {
      loop.enqueue(() -> {});
    }
  }
}
