package org.ongsung.protocols.ssh.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.io.IoAcceptor;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoServiceEventListener;

/// Listeners whose connections are spread over the loops.
///
/// Accepting does nothing but count, choose a loop and hand over: no peer can hold it up. Where
/// `accept` fails (no descriptors left), the listener rests for [TransportLimits#acceptBackoff]
/// instead of spinning. Past [TransportLimits#connectionsMax] or [TransportLimits#handshakesMax] a
/// new connection is closed at once; past [TransportLimits#handshakesPerAddress] it is told so.
final class LoopAcceptor extends LoopService implements IoAcceptor {
  private static final Farewell FAREWELL =
      new Farewell(
          "SSH-2.0-" + EventLoops.SERVER_NAME,
          "Too many connections from your address have not logged in; try again in a minute");

  /// Those who were turned away and are given a moment to read it.
  private final AtomicInteger leaving = new AtomicInteger();

  private final Map<SocketAddress, ServerSocketChannel> listeners = new ConcurrentHashMap<>();

  /// Where accepting fails now, so that it is told once and not at every attempt.
  private final Set<SocketAddress> failing = ConcurrentHashMap.newKeySet();

  LoopAcceptor(EventLoops loops, IoHandler handler) {
    super(loops, handler);
  }

  @Override
  public void bind(Collection<? extends SocketAddress> addresses) throws IOException {
    List<SocketAddress> bound = new ArrayList<>();
    try {
      for (SocketAddress address : addresses) {
        bound.add(listen(address));
      }
    } catch (IOException | RuntimeException e) {
      unbind(bound);
      throw e;
    }
  }

  @Override
  public void bind(SocketAddress address) throws IOException {
    listen(address);
  }

  private SocketAddress listen(SocketAddress address) throws IOException {
    ServerSocketChannel listener = ServerSocketChannel.open();
    try {
      listener.configureBlocking(false);
      listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      listener.bind(address, limits().acceptBacklog());
      SocketAddress local = listener.getLocalAddress();
      EventLoop loop = loops().next();
      listeners.put(local, listener);
      loop.enqueue(() -> register(loop, listener, local));
      return local;
    } catch (IOException | RuntimeException e) {
      listener.close();
      throw e;
    }
  }

  private void register(EventLoop loop, ServerSocketChannel listener, SocketAddress local) {
    try {
      if (listener.isOpen()) {
        loop.register(
            listener, SelectionKey.OP_ACCEPT, key -> acceptAll(loop, key, listener, local));
      }
    } catch (IOException e) {
      log.error("Listening on {} failed", local, e);
      unbind(local);
    }
  }

  private void acceptAll(
      EventLoop loop, SelectionKey key, ServerSocketChannel listener, SocketAddress local) {
    for (int i = 0; i < limits().acceptsPerTurn(); i++) {
      SocketChannel channel;
      try {
        channel = listener.accept();
      } catch (IOException e) {
        if (listener.isOpen()) {
          rest(loop, key, local, e);
        }
        return;
      }
      if (channel == null) {
        return;
      }
      if (failing.remove(local)) {
        log.info("Accepting on {} again", local);
      }
      take(channel, local);
    }
  }

  private void rest(EventLoop loop, SelectionKey key, SocketAddress local, IOException cause) {
    if (failing.add(local)) {
      log.warn(
          "Accepting on {} fails ({}); trying again every {}",
          local,
          cause.getMessage(),
          limits().acceptBackoff());
    }
    // The way back first: should anything fail here, the listener had better spin than sleep for
    // ever.
    loop.schedule(
        limits().acceptBackoff(),
        () -> {
          if (key.isValid()) {
            key.interestOps(SelectionKey.OP_ACCEPT);
          }
        });
    key.interestOps(0);
  }

  private void take(SocketChannel channel, SocketAddress local) {
    if (!loops().admit()) {
      discard(channel);
      return;
    }
    try {
      EventLoop loop = loops().next();
      SocketAddress peer = channel.getRemoteAddress();
      if (loops().isBalancer(peer)) {
        BalancedConnection balanced = new BalancedConnection(this, loop, channel, peer, local);
        balanced.begin();
      } else {
        seat(loop, channel, peer, local);
      }
    } catch (IOException | RuntimeException | Error e) {
      giveUp(channel, local, e);
    }
  }

  /// Makes a session of a connection that was counted in, unless its client has too many that have
  /// not authenticated.
  void seat(EventLoop loop, SocketChannel channel, SocketAddress client, SocketAddress local)
      throws IOException {
    InetAddress address = ((InetSocketAddress) client).getAddress();
    if (!loops().seat(address)) {
      loops().released();
      loops().handshakeDone();
      turnAway(loop, channel);
      return;
    }
    LoopSession session;
    try {
      session = new LoopSession(this, loop, channel, client, local);
    } catch (IOException | RuntimeException | Error e) {
      loops().unseat(address);
      throw e;
    }
    session.begin();
  }

  /// Says why, without waiting, and closes a moment later: closing at once, with what the peer has
  /// said unread, would reset the connection and take the words back on the way.
  private void turnAway(EventLoop loop, SocketChannel channel) {
    if (leaving.incrementAndGet() > limits().handshakesPerAddress()) {
      leaving.decrementAndGet();
      discard(channel);
      return;
    }
    try {
      channel.configureBlocking(false);
      channel.write(FAREWELL.bytes()); // the first bytes of a connection: the kernel takes them
      channel.shutdownOutput();
    } catch (IOException e) {
      log.trace("A refused connection could not be told why", e);
    }
    loop.schedule(
        limits().linger(),
        () -> {
          leaving.decrementAndGet();
          discard(channel);
        });
  }

  /// Lets go a connection that was counted in and did not become a session.
  void giveUp(SocketChannel channel, SocketAddress local, Throwable why) {
    log.debug("A new connection on {} broke at once: {}", local, why.toString());
    loops().released();
    loops().handshakeDone();
    discard(channel);
  }

  @Override
  void announce(LoopSession session) throws IOException {
    IoServiceEventListener listener = getIoServiceEventListener();
    if (listener != null) {
      listener.connectionAccepted(
          this,
          session.getLocalAddress(),
          session.getRemoteAddress(),
          session.getAcceptanceAddress());
    }
  }

  private void discard(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      log.trace("Closing a refused connection failed", e);
    }
  }

  @Override
  void handshakeEnded(LoopSession session) {
    loops().handshakeDone();
    loops().unseat(((InetSocketAddress) session.getRemoteAddress()).getAddress());
  }

  @Override
  void sessionClosed(LoopSession session) {
    super.sessionClosed(session);
    loops().released();
  }

  @Override
  protected void preClose() {
    unbind();
    super.preClose();
  }

  @Override
  public void unbind(Collection<? extends SocketAddress> addresses) {
    for (SocketAddress address : List.copyOf(addresses)) {
      unbind(address);
    }
  }

  @Override
  public void unbind(SocketAddress address) {
    ServerSocketChannel listener = listeners.remove(address);
    if (listener != null) {
      try {
        listener.close();
      } catch (IOException e) {
        log.debug("Closing the listener on {} failed: {}", address, e.toString());
      }
      // The descriptor is freed when the loops look at their sockets again.
      loops().wakeAll();
    }
  }

  @Override
  public void unbind() {
    unbind(listeners.keySet());
  }

  @Override
  public Set<SocketAddress> getBoundAddresses() {
    return Set.copyOf(listeners.keySet());
  }
}
