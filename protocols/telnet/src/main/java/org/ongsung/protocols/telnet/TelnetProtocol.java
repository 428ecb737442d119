package org.ongsung.protocols.telnet;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.ongsung.audit.Ledger;
import org.ongsung.audit.LedgerUnavailableException;
import org.ongsung.gateway.AddressPlaces;
import org.ongsung.gateway.Gateway;
import org.ongsung.gateway.terminal.Terminals;
import org.ongsung.gateway.terminal.Tunnels;
import org.ongsung.gateway.via.Passages;
import org.ongsung.model.Network;
import org.ongsung.model.Protocol;
import org.ongsung.policy.AccessRequest;
import org.ongsung.policy.AuthenticatedUser;
import org.ongsung.policy.Authenticator;
import org.ongsung.policy.Authorizer;
import org.ongsung.vault.Vault;
import org.ongsung.wire.proxy.ProxyHeader;
import org.ongsung.wire.proxy.ProxyHeaderReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Telnet as it plugs into the gateway: listeners for people, in the clear or with TLS from the
/// first byte (TELNETS), and the way to targets.
///
/// ```java
/// TelnetProtocol telnet = new TelnetProtocol(
///     gateway, authenticator, authorizer, vault, terminals, balancers, TelnetLimits.DEFAULT);
/// telnet.listen(new InetSocketAddress("127.0.0.1", 2323), cleartextFrom);
/// telnet.listenWithTls(new InetSocketAddress("0.0.0.0", 2992), () -> context);
/// …
/// telnet.close();
/// ```
public final class TelnetProtocol implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TelnetProtocol.class);
  private static final int BACKLOG = 128;

  private final TelnetConnection.Parts parts;
  private final List<Network> balancers;
  private final TelnetLimits limits;
  private final AddressPlaces places;
  private final TelnetLoops loops = new TelnetLoops(Runtime.getRuntime().availableProcessors());
  private final List<ServerSocket> listeners = new CopyOnWriteArrayList<>();
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /// Makes it ready and teaches `terminals` the way to Telnet targets; nothing listens yet.
  ///
  /// @param passages to targets that only a worker reaches
  /// @param balancers load balancers, whose connections begin with a PROXY header
  public TelnetProtocol(
      Gateway gateway,
      Authenticator authenticator,
      Authorizer authorizer,
      Vault vault,
      Terminals terminals,
      Passages passages,
      List<Network> balancers,
      TelnetLimits limits) {
    this.parts = new TelnetConnection.Parts(gateway, authenticator, authorizer, terminals, limits);
    this.balancers = List.copyOf(balancers);
    this.limits = limits;
    this.places = new AddressPlaces(limits.maxUnprovenOfAddress());
    terminals.reach(Protocol.TELNET, new TelnetUpstream(vault, passages, limits));
  }

  /// Listens in the clear. People come from this machine, and from elsewhere only out of the
  /// networks given: their passwords can be read on the way.
  ///
  /// @param listen a port of 0 lets the system choose
  /// @return where it listens
  public InetSocketAddress listen(InetSocketAddress listen, List<Network> cleartextFrom)
      throws IOException {
    List<Network> from = List.copyOf(cleartextFrom);
    return listen(listen, new Kind("telnet", from, null));
  }

  /// Listens with TLS from the first byte.
  ///
  /// @param tls asked for every connection, so that a renewed certificate counts
  public InetSocketAddress listenWithTls(InetSocketAddress listen, Supplier<SSLContext> tls)
      throws IOException {
    return listen(listen, new Kind("telnets", List.of(), tls));
  }

  /// Makes one-time ports; close what is given before this.
  ///
  /// @param cleartextFrom as with [#listen]
  public TelnetTunnels tunnels(
      Tunnels.Range range,
      Tunnels.Limits ofTunnels,
      List<Network> cleartextFrom,
      Ledger ledger,
      InstantSource clock) {
    Kind kind = new Kind("telnet", List.copyOf(cleartextFrom), null);
    return new TelnetTunnels(
        range,
        ofTunnels,
        ledger,
        clock,
        new TelnetTunnels.Taker() {
          @Override
          public boolean allows(InetAddress address) {
            return kind.allows(address);
          }

          @Override
          public boolean isBalanced(Socket socket) {
            return new Connection(socket, kind).isBalanced();
          }

          @Override
          public InetSocketAddress balanced(Socket socket) throws IOException {
            return new Connection(socket, kind).balanced();
          }

          @Override
          public void carry(
              Socket socket, InetSocketAddress source, AuthenticatedUser user, AccessRequest access)
              throws IOException {
            new Connection(socket, kind).carry(source, user, access);
          }
        });
  }

  /// How a listener is.
  ///
  /// @param tls null in the clear
  private record Kind(
      String name, List<Network> cleartextFrom, @Nullable Supplier<SSLContext> tls) {
    boolean allows(InetAddress address) {
      return tls != null
          || address.isLoopbackAddress()
          || cleartextFrom.stream().anyMatch(network -> network.contains(address));
    }
  }

  private InetSocketAddress listen(InetSocketAddress listen, Kind kind) throws IOException {
    ServerSocket listener = ServerSocketChannel.open().socket(); // whose sockets can be on a loop
    listener.setReuseAddress(true);
    listener.bind(listen, BACKLOG);
    listeners.add(listener);
    Thread.ofVirtual().name(kind.name() + "-accept").start(() -> accept(listener, kind));
    return (InetSocketAddress) listener.getLocalSocketAddress();
  }

  /// How many people are connected.
  public int connections() {
    return connections.size();
  }

  private void accept(ServerSocket listener, Kind kind) {
    while (!closed) {
      try {
        Socket socket = listener.accept();
        Connection connection = new Connection(socket, kind);
        connections.add(connection);
        Thread.ofVirtual().name(kind.name()).start(connection::run);
      } catch (IOException e) {
        if (listener.isClosed()) {
          return;
        }
        pause(e);
      }
    }
  }

  /// Too many open files, say: accepting again at once would only fill the log.
  private static void pause(IOException why) {
    LOG.error("a connection could not be accepted", why);
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// One connection, from the accept on.
  private final class Connection {
    private final Socket socket;
    private final Kind kind;
    private final AtomicBoolean settled = new AtomicBoolean();
    private volatile @Nullable TelnetFront front;

    Connection(Socket socket, Kind kind) {
      this.socket = socket;
      this.kind = kind;
    }

    void run() {
      try {
        if (connections.size() <= limits.maxConnections()) {
          // Whoever says nothing, also within TLS, is gone by the end of the time for the login.
          watch();
          carry();
        } else {
          close();
        }
      } catch (IOException e) {
        LOG.debug("{}: {}", socket, e.toString());
      } finally {
        settled.set(true);
        connections.remove(this);
      }
    }

    private void carry() throws IOException {
      configure();
      InetSocketAddress source = source();
      InetAddress address = source.getAddress();
      if (!places.take(address)) {
        tellCrowd(address);
        close();
        return;
      }
      AtomicBoolean unproven = new AtomicBoolean(true);
      Runnable leave =
          () -> {
            settled.set(true);
            if (unproven.compareAndSet(true, false)) {
              places.giveBack(address);
            }
          };
      try {
        TelnetFront front = front();
        if (!kind.allows(address)) {
          refuseClear(front, address);
          return;
        }
        new TelnetConnection(front, source, kind.name(), parts, leave).run();
      } catch (IOException e) {
        close();
        throw e;
      } finally {
        leave.run();
      }
    }

    /// Who comes by a load balancer to a one-time port; counted, and limited in time, as whoever
    /// comes to log in.
    InetSocketAddress balanced() throws IOException {
      connections.add(this);
      try {
        if (connections.size() > limits.maxConnections()) {
          throw new IOException("more than " + limits.maxConnections() + " connections");
        }
        watch();
        return source();
      } finally {
        settled.set(true);
        connections.remove(this);
      }
    }

    /// Carries somebody who has proven elsewhere who they are.
    void carry(InetSocketAddress source, AuthenticatedUser user, AccessRequest access)
        throws IOException {
      connections.add(this);
      try {
        configure();
        new TelnetConnection(front(), source, kind.name(), parts, () -> {}).run(user, access);
      } finally {
        connections.remove(this);
      }
    }

    /// In the clear on an event loop.
    private TelnetFront front() throws IOException {
      SocketChannel channel = socket.getChannel();
      TelnetFront made =
          kind.tls() == null && channel != null
              ? new TelnetFront(channel, loops.next(), limits.bytesBeforeLogin())
              : new TelnetFront(secured(), socket, limits.bytesBeforeLogin());
      front = made;
      if (socket.isClosed()) {
        made.cut(); // it was closed while nobody was there to be told
      }
      return made;
    }

    private void configure() throws IOException {
      socket.setOOBInline(true); // urgent bytes in their place, or a Synch tears an escape apart
      socket.setTcpNoDelay(true);
      socket.setKeepAlive(true);
    }

    private void refuseClear(TelnetFront front, InetAddress address) throws IOException {
      front.start();
      LOG.info("{} may not come by Telnet in the clear", address.getHostAddress());
      front.farewell(TelnetWords.IN_THE_CLEAR.with());
    }

    private Socket secured() throws IOException {
      Supplier<SSLContext> tls = kind.tls();
      if (tls == null) {
        return socket;
      }
      SSLSocket secured =
          (SSLSocket)
              tls.get()
                  .getSocketFactory()
                  .createSocket(
                      socket, socket.getInetAddress().getHostAddress(), socket.getPort(), true);
      secured.setUseClientMode(false);
      secured.startHandshake();
      return secured;
    }

    private InetSocketAddress source() throws IOException {
      InetSocketAddress peer = (InetSocketAddress) socket.getRemoteSocketAddress();
      return isBalanced() ? proxied(peer) : peer;
    }

    boolean isBalanced() {
      InetAddress peer = socket.getInetAddress();
      return balancers.stream().anyMatch(network -> network.contains(peer));
    }

    /// Reads the PROXY header, and not a byte more.
    private InetSocketAddress proxied(InetSocketAddress peer) throws IOException {
      ByteBuffer header = ByteBuffer.allocate(ProxyHeaderReader.MAX_BYTES);
      InputStream in = socket.getInputStream();
      while (true) {
        switch (ProxyHeaderReader.read(header.duplicate().flip())) {
          case ProxyHeaderReader.Reading.Incomplete more -> {
            int wanted = Math.min(more.atLeastBytes(), header.remaining());
            byte[] next = in.readNBytes(wanted);
            if (next.length < wanted || wanted == 0) {
              throw new IOException("no whole PROXY header");
            }
            header.put(next);
          }
          case ProxyHeaderReader.Reading.Malformed malformed ->
              throw new IOException("no PROXY header: " + malformed.why());
          case ProxyHeaderReader.Reading.Complete whole -> {
            return whole.header() instanceof ProxyHeader.Relayed(var client, _)
                ? new InetSocketAddress(InetAddress.ofLiteral(client.address()), client.port())
                : peer;
          }
        }
      }
    }

    private void watch() {
      Thread.ofVirtual()
          .name("telnet-watch")
          .start(
              () -> {
                try {
                  Thread.sleep(limits.loginTimeout().plusSeconds(5));
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                if (!settled.get()) {
                  close();
                }
              });
    }

    void close() {
      TelnetFront open = front;
      if (open != null) {
        open.cut();
        return;
      }
      try {
        socket.close();
      } catch (IOException e) {
        LOG.debug("a socket could not be closed: {}", e.toString());
      }
    }
  }

  private void tellCrowd(InetAddress address) {
    long untold = places.turnedAway(address, System.nanoTime());
    if (untold > 0) {
      tell(address, untold);
    }
  }

  private void tell(InetAddress address, long connectionsTurnedAway) {
    try {
      parts.authenticator().turnedAway(address, "telnet", connectionsTurnedAway);
    } catch (LedgerUnavailableException e) {
      LOG.warn(
          "{} connections from {} were turned away: {}",
          connectionsTurnedAway,
          address,
          e.toString());
    }
  }

  /// Ends what is left and closes.
  @Override
  public void close() {
    closed = true;
    for (ServerSocket listener : listeners) {
      try {
        listener.close();
      } catch (IOException e) {
        LOG.debug("a listener could not be closed: {}", e.toString());
      }
    }
    connections.forEach(Connection::close);
    loops.close();
  }
}
