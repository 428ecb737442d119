package org.ongsung.protocols.telnet;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.ongsung.audit.Ledger;
import org.ongsung.audit.LedgerUnavailableException;
import org.ongsung.gateway.terminal.Tunnels;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.Name;
import org.ongsung.model.Shown;
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
/// Threads: any; each waiting port has a virtual thread.
public final class TelnetTunnels implements Tunnels, AutoCloseable {
  /// A range of ports, both inclusive, and where they are.
  ///
  /// @param host how people reach them
  public record Range(InetAddress listen, int first, int last, String host) {
    public Range {
      if (first < 1 || last > 65_535 || first > last) {
        throw new IllegalArgumentException("a range of ports from 1 to 65535");
      }
    }
  }

  /// How much of it there is.
  ///
  /// @param open how long a port waits
  /// @param tombstone how long it stays bound afterwards
  /// @param ofOnePerson ports of one person that may wait at once, inclusive
  /// @param refusalsTold refusals of one port that the ledger is told of, inclusive
  public record Limits(Duration open, Duration tombstone, int ofOnePerson, int refusalsTold) {
    /// A minute, and one more; 4 of a person; 20 refusals.
    public static final Limits DEFAULT =
        new Limits(Duration.ofMinutes(1), Duration.ofMinutes(1), 4, 20);
  }

  /// Who takes a person that came through.
  interface Taker {
    /// Whether somebody may come from there in the clear.
    boolean allows(InetAddress address);

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
      long theirs = waiting.stream().filter(one -> one.isOpenFor(user)).count();
      ServerSocket listener = closed || theirs >= limits.ofOnePerson() ? null : bind();
      if (listener == null) {
        return Optional.empty();
      }
      opened = new Waiting(listener, user, access);
      waiting.add(opened);
    }
    try {
      ledger.append(opened.event(AuditCode.TUNNEL_OPENED, user.source(), Map.of()));
    } catch (LedgerUnavailableException e) {
      opened.close();
      throw e;
    }
    Instant until = clock.instant().plus(limits.open());
    Thread.ofVirtual().name("telnet-tunnel").start(opened::run);
    return Optional.of(new Tunnel(range.host(), opened.port(), until));
  }

  /// A port of the range that is free, in turn, so that one is not given again soon.
  private @Nullable ServerSocket bind() {
    int count = range.last() - range.first() + 1;
    for (int tries = 0; tries < count; tries++) {
      int port = next;
      next = port == range.last() ? range.first() : port + 1;
      try {
        ServerSocket listener = new ServerSocket();
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
    private final AuthenticatedUser user;
    private final AccessRequest access;
    private final long startNanos = System.nanoTime();
    private volatile boolean taken;
    private int refusals;

    Waiting(ServerSocket listener, AuthenticatedUser user, AccessRequest access) {
      this.listener = listener;
      this.user = user;
      this.access = access;
    }

    int port() {
      return listener.getLocalPort();
    }

    boolean isOpenFor(AuthenticatedUser other) {
      return !taken && !isLate() && user.user().name().equals(other.user().name());
    }

    private boolean isLate() {
      return System.nanoTime() - startNanos >= limits.open().toNanos();
    }

    void run() {
      try {
        long end = startNanos + limits.open().plus(limits.tombstone()).toNanos();
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
          listener.setSoTimeout((int) Math.max(1, left / 1_000_000));
          came(listener.accept());
        }
      } catch (IOException e) {
        LOG.debug("one-time port {} is closed: {}", port(), e.toString()); // its time is over
      } finally {
        close();
      }
    }

    private void came(Socket socket) {
      InetSocketAddress source = (InetSocketAddress) socket.getRemoteSocketAddress();
      String reason =
          taken
              ? "the port was taken before"
              : isLate()
                  ? "the port's time was over"
                  : source.getAddress().equals(user.source()) ? "" : "another address";
      if (!reason.isEmpty()) {
        refuse(socket, source, reason);
        return;
      }
      taken = true;
      Thread.ofVirtual().name("telnet-tunnelled").start(() -> carry(socket, source));
    }

    private void refuse(Socket socket, InetSocketAddress source, String reason) {
      closeQuietly(socket);
      if (++refusals <= limits.refusalsTold()) {
        tell(AuditCode.TUNNEL_REFUSED, source, Map.of("reason", reason));
      }
    }

    private void carry(Socket socket, InetSocketAddress source) {
      try {
        // In the ledger first: nobody comes through unseen.
        ledger.append(event(AuditCode.TUNNEL_TAKEN, source.getAddress(), Map.of()));
        taker.carry(socket, source, user, access);
      } catch (LedgerUnavailableException e) {
        LOG.error("a one-time port cannot be put into the ledger", e);
        closeQuietly(socket);
      } catch (IOException e) {
        LOG.debug("{} is gone: {}", source, e.toString());
        closeQuietly(socket);
      }
    }

    private void tell(AuditCode code, InetSocketAddress source, Map<String, String> details) {
      try {
        ledger.append(event(code, source.getAddress(), details));
      } catch (LedgerUnavailableException e) {
        LOG.error("{} cannot be put into the ledger", code.text(), e);
      }
    }

    AuditEvent event(AuditCode code, InetAddress source, Map<String, String> more) {
      Map<String, String> details = new HashMap<>(more);
      details.put("port", Integer.toString(port()));
      details.put("user", user.user().name().value());
      if (access.account() != null) {
        details.put("account", Shown.plain(access.account(), Name.MAX_CHARACTERS * 2));
      }
      boolean theirs = code != AuditCode.TUNNEL_REFUSED;
      return new AuditEvent(
          clock.instant(),
          code,
          theirs ? user.user().name().value() : AuditEvent.SYSTEM,
          source.getHostAddress(),
          null,
          Shown.plain(access.target(), Name.MAX_CHARACTERS * 2),
          details);
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
