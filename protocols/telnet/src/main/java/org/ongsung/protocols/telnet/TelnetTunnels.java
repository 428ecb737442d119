package org.ongsung.protocols.telnet;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.ongsung.audit.Ledger;
import org.ongsung.audit.LedgerUnavailableException;
import org.ongsung.gateway.terminal.OneTimePort;
import org.ongsung.gateway.terminal.Tunnels;
import org.ongsung.policy.AccessRequest;
import org.ongsung.policy.AuthenticatedUser;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One-time ports for Telnet clients, out of a range: each waits for one person, from one address,
/// for one target, once, for a short time.
///
/// A port stays bound a while after it was taken or its time was over, so that who comes second or
/// late is turned away by us and stands in the ledger, and is not somebody else's guest.
///
/// Threads: any; each waiting port has a virtual thread, and so has each connection of a load
/// balancer, or one that says nothing would keep the person out.
public final class TelnetTunnels implements Tunnels, AutoCloseable {
  /// Who takes a person that came through.
  interface Taker {
    /// Whether somebody may come from there in the clear.
    boolean allows(InetAddress address);

    /// Whether it is a load balancer's, which says before it who comes.
    boolean isBalanced(Socket socket);

    /// Reads who comes by a load balancer, and not a byte more. Blocks, at most for as long as a
    /// login may take.
    ///
    /// @throws IOException when it does not say so
    InetSocketAddress balanced(Socket socket) throws IOException;

    /// Carries the connection to its end. Blocks.
    void carry(
        Socket socket, InetSocketAddress source, AuthenticatedUser user, AccessRequest access)
        throws IOException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(TelnetTunnels.class);

  private final Range range;
  private final Limits limits;
  private final Ledger ledger;
  private final InstantSource clock;
  private final Taker taker;
  private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
  private int next;
  private boolean closed;

  TelnetTunnels(Range range, Limits limits, Ledger ledger, InstantSource clock, Taker taker) {
    this.range = range;
    this.limits = limits;
    this.ledger = ledger;
    this.clock = clock;
    this.taker = taker;
    this.next = range.first();
  }

  @Override
  public Optional<Tunnel> open(AuthenticatedUser user, AccessRequest access) {
    if (!taker.allows(user.source())) {
      return Optional.empty();
    }
    Waiting opened;
    synchronized (this) {
      long theirs = waiting.stream().filter(one -> one.port.isOpenFor(user)).count();
      ServerSocket listener = closed || theirs >= limits.ofOnePerson() ? null : bind();
      if (listener == null) {
        return Optional.empty();
      }
      opened = new Waiting(listener, user, access);
      waiting.add(opened);
    }
    try {
      opened.port.opened();
    } catch (LedgerUnavailableException e) {
      opened.close();
      throw e;
    }
    Instant until = clock.instant().plus(limits.open());
    Thread.ofVirtual().name("telnet-tunnel").start(opened::run);
    return Optional.of(new Tunnel(range.host(), opened.port.port(), "", until));
  }

  /// A port of the range that is free, in turn, so that one is not given again soon.
  private @Nullable ServerSocket bind() {
    for (int tries = 0; tries < range.count(); tries++) {
      int port = next;
      next = range.after(port);
      try {
        ServerSocket listener = ServerSocketChannel.open().socket();
        listener.bind(new InetSocketAddress(range.listen(), port), 8);
        return listener;
      } catch (IOException e) {
        LOG.debug("port {} is not free: {}", port, e.toString());
      }
    }
    return null;
  }

  /// One port.
  private final class Waiting {
    private final ServerSocket listener;
    private final OneTimePort port;

    Waiting(ServerSocket listener, AuthenticatedUser user, AccessRequest access) {
      this.listener = listener;
      this.port = new OneTimePort(listener.getLocalPort(), user, access, limits, ledger, clock);
    }

    void run() {
      try {
        for (long left = port.leftNanos(); left > 0; left = port.leftNanos()) {
          listener.setSoTimeout((int) Math.max(1, left / 1_000_000));
          accepted(listener.accept());
        }
      } catch (IOException e) {
        LOG.debug("one-time port {} is closed: {}", port.port(), e.toString()); // time is over
      } finally {
        close();
      }
    }

    private void accepted(Socket socket) {
      if (taker.isBalanced(socket)) {
        Thread.ofVirtual().name("telnet-balanced").start(() -> balanced(socket));
      } else {
        came(socket, (InetSocketAddress) socket.getRemoteSocketAddress());
      }
    }

    private void balanced(Socket socket) {
      try {
        came(socket, taker.balanced(socket));
      } catch (IOException e) {
        LOG.debug("{}: {}", socket, e.toString());
        closeQuietly(socket);
      }
    }

    private void came(Socket socket, InetSocketAddress source) {
      try {
        if (port.came(source.getAddress(), true) == OneTimePort.Outcome.TAKEN) {
          Thread.ofVirtual().name("telnet-tunnelled").start(() -> carry(socket, source));
          return;
        }
      } catch (LedgerUnavailableException e) {
        LOG.error("a one-time port cannot be put into the ledger", e);
      }
      closeQuietly(socket);
    }

    private void carry(Socket socket, InetSocketAddress source) {
      try {
        taker.carry(socket, source, port.user(), port.access());
      } catch (IOException e) {
        LOG.debug("{} is gone: {}", source, e.toString());
        closeQuietly(socket);
      }
    }

    void close() {
      waiting.remove(this);
      try {
        listener.close();
      } catch (IOException e) {
        LOG.debug("a listener could not be closed: {}", e.toString());
      }
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("a socket could not be closed: {}", e.toString());
    }
  }

  /// Closes what waits.
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    waiting.forEach(Waiting::close);
  }
}
