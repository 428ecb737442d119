package org.ongsung.fastcgi.server;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Server;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Listens for front servers, by TCP or on a Unix-domain socket, with one selector for accepting,
/// reading and writing.
///
/// A TCP peer that is not among the allowed ones is closed before a byte of it is read. The file of
/// a Unix-domain socket gets the permissions that are asked for, replaces a dead socket's file at
/// the start, and is deleted at the end.
///
/// An idle connection of a front server is closed after [#getIdleTimeout], ten minutes unless set:
/// longer than front servers keep theirs, so that it is they who close.
public final class FastCgiConnector extends AbstractConnector {
  private static final Logger LOG = LoggerFactory.getLogger(FastCgiConnector.class);
  private static final long IDLE_TIMEOUT_MILLIS = 600_000;
  private static final int BACKLOG = 4_096;

  private final SocketAddress listen;
  private final Predicate<SocketAddress> peers;
  private final Set<PosixFilePermission> socketPermissions;
  private final SelectorManager selectors;
  private final int connections;

  /// Accepted, but not read until a connection ends; guarded by itself, as is [#open].
  private final Queue<SocketChannel> waiting = new ArrayDeque<>();

  private int open;
  private volatile @Nullable ServerSocketChannel server;
  private @Nullable Closeable acceptor;

  private FastCgiConnector(
      Server server,
      SocketAddress listen,
      Predicate<SocketAddress> peers,
      Set<PosixFilePermission> socketPermissions,
      FastCgiConnectionFactory factory) {
    super(server, null, null, null, 0, factory);
    this.listen = listen;
    this.peers = peers;
    this.socketPermissions = Set.copyOf(socketPermissions);
    this.selectors = new Selectors();
    installBean(selectors);
    this.connections = factory.limits().connections();
    setIdleTimeout(IDLE_TIMEOUT_MILLIS);
  }

  /// Listens by TCP.
  ///
  /// @param listen port 0 takes a free one; see [#localAddress]
  /// @param peers who may connect
  public static FastCgiConnector tcp(
      Server server,
      InetSocketAddress listen,
      PeerAddresses peers,
      FastCgiConnectionFactory factory) {
    return new FastCgiConnector(server, listen, peers, Set.of(), factory);
  }

  /// Listens on a Unix-domain socket.
  ///
  /// @param socket a path of at most 107 bytes; its folder must exist
  /// @param permissions of the socket's file: who may write to it may connect
  public static FastCgiConnector unix(
      Server server,
      Path socket,
      Set<PosixFilePermission> permissions,
      FastCgiConnectionFactory factory) {
    return new FastCgiConnector(
        server, UnixDomainSocketAddress.of(socket), peer -> true, permissions, factory);
  }

  /// Where it listens, with the port that was taken.
  public SocketAddress localAddress() {
    ServerSocketChannel open = server;
    if (open == null) {
      throw new IllegalStateException("not started");
    }
    try {
      return open.getLocalAddress();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected void doStart() throws Exception {
    ServerSocketChannel opened = open();
    server = opened;
    try {
      super.doStart();
    } catch (Exception | Error e) {
      closeListener();
      throw e;
    }
    opened.configureBlocking(false);
    acceptor = selectors.acceptor(opened);
    LOG.info("FastCGI on {}", opened.getLocalAddress());
  }

  @Override
  protected void doStop() throws Exception {
    closeListener();
    synchronized (waiting) {
      for (SocketChannel each : waiting) {
        each.close();
      }
      waiting.clear();
    }
    super.doStop();
  }

  /// Takes no more connections; those that are open finish their requests.
  @Override
  public CompletableFuture<Void> shutdown() {
    closeListener();
    return super.shutdown();
  }

  private ServerSocketChannel open() throws IOException {
    if (listen instanceof UnixDomainSocketAddress unix) {
      return openUnix(unix);
    }
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      return channel.bind(listen, BACKLOG);
    } catch (IOException e) {
      channel.close();
      throw new CannotListenException("cannot listen for FastCGI on " + listen, e);
    }
  }

  private ServerSocketChannel openUnix(UnixDomainSocketAddress unix) throws IOException {
    Path file = unix.getPath();
    removeDeadSocket(unix);
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.bind(unix, BACKLOG);
      Files.setPosixFilePermissions(file, socketPermissions);
      return channel;
    } catch (IOException e) {
      channel.close();
      throw new CannotListenException("cannot listen for FastCGI on " + file, e);
    }
  }

  /// A socket's file outlives a killed process. It is removed when nobody answers there, and only
  /// when it is a socket.
  private static void removeDeadSocket(UnixDomainSocketAddress unix) throws IOException {
    Path file = unix.getPath();
    if (!Files.exists(file)) {
      return;
    }
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.connect(unix);
    } catch (IOException e) {
      if (!Files.readAttributes(file, java.nio.file.attribute.BasicFileAttributes.class)
          .isOther()) {
        throw new CannotListenException(file + " is not a socket and stays as it is", null);
      }
      Files.delete(file);
      return;
    }
    throw new CannotListenException(file + " is in use by a running process", null);
  }

  private void closeListener() {
    ServerSocketChannel open = server;
    server = null;
    Closeable accepting = acceptor;
    acceptor = null;
    try {
      if (accepting != null) {
        accepting.close();
      }
      if (open != null) {
        open.close();
        if (listen instanceof UnixDomainSocketAddress unix) {
          Files.deleteIfExists(unix.getPath());
        }
      }
    } catch (IOException e) {
      LOG.warn("while closing {}", listen, e);
    }
  }

  private void accepted(SocketChannel channel) throws IOException {
    SocketAddress peer = channel.getRemoteAddress();
    if (!peers.test(peer)) {
      LOG.warn("{} is not among the front servers that may connect; closed", peer);
      channel.close();
      return;
    }
    channel.configureBlocking(false);
    if (peer instanceof InetSocketAddress) {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }
    synchronized (waiting) {
      if (open == connections) {
        if (waiting.size() == connections) {
          LOG.warn("{} connections are open and as many wait; one more is closed", connections);
          channel.close();
        } else {
          waiting.add(channel);
        }
        return;
      }
      open++;
    }
    selectors.accept(channel);
  }

  /// Gives the place of a connection that has ended to one that waits.
  private void ended() {
    SocketChannel next;
    synchronized (waiting) {
      next = waiting.poll();
      if (next == null) {
        open--;
      }
    }
    if (next != null) {
      selectors.accept(next);
    }
  }

  /// Never called: there are no acceptor threads.
  @Override
  protected void accept(int acceptorId) {
    throw new UnsupportedOperationException();
  }

  @Override
  public @Nullable Object getTransport() {
    return server;
  }

  private final class Selectors extends SelectorManager {
    Selectors() {
      super(FastCgiConnector.this.getExecutor(), FastCgiConnector.this.getScheduler(), 1);
    }

    @Override
    protected void accepted(SelectableChannel channel) throws IOException {
      FastCgiConnector.this.accepted((SocketChannel) channel);
    }

    @Override
    protected EndPoint newEndPoint(
        SelectableChannel channel, ManagedSelector selector, SelectionKey key) {
      SocketChannelEndPoint endPoint =
          new SocketChannelEndPoint((SocketChannel) channel, selector, key, getScheduler());
      endPoint.setIdleTimeout(FastCgiConnector.this.getIdleTimeout());
      return endPoint;
    }

    @Override
    public Connection newConnection(
        SelectableChannel channel, EndPoint endPoint, @Nullable Object attachment) {
      return getDefaultConnectionFactory().newConnection(FastCgiConnector.this, endPoint);
    }

    @Override
    protected void endPointOpened(EndPoint endPoint) {
      super.endPointOpened(endPoint);
      onEndPointOpened(endPoint);
    }

    @Override
    protected void endPointClosed(EndPoint endPoint) {
      onEndPointClosed(endPoint);
      super.endPointClosed(endPoint);
      ended();
    }
  }
}
