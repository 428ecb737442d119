package org.ongsung.console;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.ongsung.console.http.BoundedConnections;
import org.ongsung.console.http.ConsoleHandler;
import org.ongsung.console.http.OwnRequests;
import org.ongsung.console.http.ProxyProtocol;
import org.ongsung.console.http.RouteTable;
import org.ongsung.console.http.Sockets;
import org.ongsung.console.http.UnreadBodies;
import org.ongsung.console.services.BrowserFiles;
import org.ongsung.console.services.ConsoleLimits;
import org.ongsung.console.services.ConsoleMetrics;
import org.ongsung.console.services.ConsoleServices;
import org.ongsung.console.services.ConsoleSettings;
import org.ongsung.console.services.FastCgiListener;
import org.ongsung.console.services.TlsListener;
import org.ongsung.console.terminal.BrowserTerminals;
import org.ongsung.console.tls.RenewedCertificates;
import org.ongsung.console.tls.UnusableCertificateException;
import org.ongsung.fastcgi.FastCgiLimits;
import org.ongsung.fastcgi.server.FastCgiConnectionFactory;
import org.ongsung.fastcgi.server.FastCgiConnector;
import org.ongsung.fastcgi.server.PeerAddresses;
import org.ongsung.model.Session;

/// The HTTP server of the console: pages and API on one listener, plain HTTP/1.1 (RFC 9112), each
/// request on a virtual thread; the same by FastCGI and with TLS of its own where that is asked
/// for.
///
/// Start, use [#address], close: requests under way get the time of the limits to finish, live
/// views are ended.
public final class ConsoleServer implements AutoCloseable {
  private static final int PLATFORM_THREADS = 8;
  private static final String SOCKET_PERMISSIONS = "rw-rw----";

  /// A crowd that connects within a moment. Past it the kernel lets clients believe that they are
  /// connected, and forgets some.
  private static final int ACCEPT_BACKLOG = 4_096;

  private static final int HEADER_CACHE_ENTRIES = 1_024;

  /// Requests at once on one connection of HTTP/2, inclusive.
  private static final int HTTP2_STREAMS = 100;

  private final Server server;
  private final ServerConnector connector;
  private final Optional<FastCgiConnector> fastCgi;
  private final RouteTable routes;
  private final ConsoleMetrics metrics;
  private final BrowserTerminals terminals;
  private final Optional<BrowserFiles> files;
  private final OwnRequests own;
  private final AtomicBoolean stopping = new AtomicBoolean();

  /// @throws UnusableCertificateException when the files for TLS cannot be served with
  public ConsoleServer(ConsoleServices services, ConsoleSettings settings, ConsoleLimits limits)
      throws UnusableCertificateException {
    this(services, settings, limits, _ -> {});
  }

  /// @param more adds routes beyond the console's own, such as those of a measurement
  /// @throws UnusableCertificateException when the files for TLS cannot be served with
  public ConsoleServer(
      ConsoleServices services,
      ConsoleSettings settings,
      ConsoleLimits limits,
      Consumer<RouteTable.Builder> more)
      throws UnusableCertificateException {
    ConsoleRooms rooms = new ConsoleRooms(services, settings, limits, more);
    this.routes = rooms.routes();
    this.metrics = rooms.metrics();
    this.files = rooms.files();
    this.server = new Server(threads());
    this.connector = connector(server, settings, limits);
    server.addConnector(connector);
    if (settings.tls().isPresent()) {
      server.addConnector(tls(server, settings.tls().get(), settings, limits));
    }
    this.fastCgi = settings.fronts().fastCgi().map(listener -> fastCgi(server, listener, limits));
    fastCgi.ifPresent(server::addConnector);
    this.terminals = rooms.terminals();
    WebSocketComponents sockets = new WebSocketComponents();
    server.addBean(sockets);
    ConsoleHandler handler =
        new ConsoleHandler(
            settings.base(),
            settings.fronts().proxies(),
            routes,
            rooms.logins(),
            session -> services.sessions().find(session).map(Session::user),
            rooms.pages()::problem,
            metrics,
            settings.alwaysSecure(),
            stopping::get,
            rooms.door(),
            rooms.workerDoor(),
            rooms.workerTokens()::isWorkers,
            new Sockets(sockets));
    this.own = handler.own();
    server.setHandler(
        new UnreadBodies(
            new GracefulHandler(handler), limits.unreadBodyBytes(), limits.unreadBodyTime()));
    server.setErrorHandler(new BareErrors());
    server.setStopTimeout(limits.stopTimeout().toMillis());
    server.setStopAtShutdown(false);
  }

  private static QueuedThreadPool threads() {
    QueuedThreadPool threads = new QueuedThreadPool(PLATFORM_THREADS, 2);
    threads.setName("console");
    threads.setVirtualThreadsExecutor(
        java.util.concurrent.Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("console-", 0).factory()));
    return threads;
  }

  private static ServerConnector connector(
      Server server, ConsoleSettings settings, ConsoleLimits limits) {
    BoundedConnections http = new BoundedConnections(configuration(limits), limits.connections());
    ServerConnector connector =
        new ServerConnector(
            server, 1, 1, new ProxyProtocol(settings.fronts().balancers(), http), http);
    connector.setHost(settings.listen().getHostString());
    connector.setPort(settings.listen().getPort());
    connector.setAcceptQueueSize(ACCEPT_BACKLOG);
    connector.setIdleTimeout(limits.idleTimeout().toMillis());
    return connector;
  }

  /// HTTP/2 (RFC 9113) and HTTP/1.1, as the browser likes (RFC 7301).
  private static ServerConnector tls(
      Server server, TlsListener listener, ConsoleSettings settings, ConsoleLimits limits)
      throws UnusableCertificateException {
    RenewedCertificates certificates = new RenewedCertificates(listener.files());
    server.addBean(certificates);
    HttpConfiguration configuration = configuration(limits);
    configuration.addCustomizer(new SecureRequestCustomizer(false));
    HttpConnectionFactory http = new HttpConnectionFactory(configuration);
    HTTP2ServerConnectionFactory http2 = new HTTP2ServerConnectionFactory(configuration);
    http2.setMaxConcurrentStreams(HTTP2_STREAMS);
    http2.setConnectProtocolEnabled(false); // a WebSocket takes a connection of HTTP/1.1
    ALPNServerConnectionFactory choice = new ALPNServerConnectionFactory();
    choice.setDefaultProtocol(http.getProtocol());
    SslConnectionFactory tls = new SslConnectionFactory(certificates.tls(), choice.getProtocol());
    ServerConnector connector =
        new ServerConnector(
            server,
            1,
            1,
            new ProxyProtocol(settings.fronts().balancers(), tls),
            tls,
            choice,
            http2,
            http);
    connector.setHost(listener.listen().getHostString());
    connector.setPort(listener.listen().getPort());
    connector.setAcceptQueueSize(ACCEPT_BACKLOG);
    server.addBean(new NetworkConnectionLimit(limits.connections(), connector));
    connector.setIdleTimeout(limits.idleTimeout().toMillis());
    return connector;
  }

  private static FastCgiConnector fastCgi(
      Server server, FastCgiListener listener, ConsoleLimits limits) {
    FastCgiConnectionFactory factory =
        new FastCgiConnectionFactory(
            configuration(limits),
            FastCgiLimits.standard()
                .withConnections(limits.connections())
                .withUnreadBodyBytes(limits.unreadBodyBytes()));
    return switch (listener.address()) {
      case UnixDomainSocketAddress socket ->
          FastCgiConnector.unix(
              server,
              socket.getPath(),
              PosixFilePermissions.fromString(SOCKET_PERMISSIONS),
              factory);
      case InetSocketAddress address ->
          FastCgiConnector.tcp(server, address, PeerAddresses.of(listener.peers()), factory);
      default -> throw new IllegalArgumentException("no place for FastCGI: " + listener.address());
    };
  }

  private static HttpConfiguration configuration(ConsoleLimits limits) {
    HttpConfiguration http = new HttpConfiguration();
    http.setUriCompliance(UriCompliance.RFC3986);
    http.setHttpCompliance(HttpCompliance.RFC9110);
    http.setRequestHeaderSize(limits.headerBytes());
    http.setResponseHeaderSize(limits.headerBytes());
    http.setHeaderCacheSize(HEADER_CACHE_ENTRIES);
    http.setSendServerVersion(false);
    http.setIdleTimeout(limits.idleTimeout().toMillis());
    return http;
  }

  /// What asks this console itself, in process, on nobody's account.
  public OwnRequests own() {
    return own;
  }

  /// Binds and listens.
  ///
  /// @throws java.io.IOException when the address cannot be taken
  public void start() throws java.io.IOException {
    try {
      server.start();
    } catch (java.io.IOException e) {
      close();
      throw e;
    } catch (Exception e) {
      close();
      throw new IllegalStateException("the console cannot start", e);
    }
  }

  /// Where it listens, with the port that was taken.
  public InetSocketAddress address() {
    return new InetSocketAddress(connector.getHost(), connector.getLocalPort());
  }

  /// Where front servers connect by FastCGI, with the port that was taken, if they may.
  public Optional<SocketAddress> fastCgiAddress() {
    return fastCgi.map(FastCgiConnector::localAddress);
  }

  /// Every address of the console and who may use it.
  public RouteTable routes() {
    return routes;
  }

  @Override
  public void close() {
    stopping.set(true);
    terminals.close();
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the console did not stop cleanly", e);
    } finally {
      files.ifPresent(BrowserFiles::close);
      metrics.close();
    }
  }
}
