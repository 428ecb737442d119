package org.ongsung.protocols.ssh;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.ongsung.audit.Ledger;
import org.ongsung.audit.LedgerUnavailableException;
import org.ongsung.gateway.AccessAddress;
import org.ongsung.gateway.terminal.OneTimePort;
import org.ongsung.gateway.terminal.Tunnels;
import org.ongsung.policy.AccessRequest;
import org.ongsung.policy.AuthenticatedUser;
import org.ongsung.protocols.ssh.transport.EventLoops;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One-time ports for SSH clients, out of a range: each waits for one person, from one address,
/// with a user name that nobody can guess, for one target, once, for a short time.
///
/// The name is what proves the person (ADR 91): it was given to them in the session that asked, and
/// the port, the address and the time bind it. A port takes nobody by any other name, and no other
/// port takes that name. It stays bound a while afterwards, so that who comes second or late stands
/// in the ledger.
///
/// Threads: any; each port has a virtual thread that closes it.
public final class SshTunnels implements Tunnels, SshAuthentication.Doors, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SshTunnels.class);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String BEFORE = "once-";
  private static final int WORD_BYTES = 16;

  private final EventLoops loops;
  private final Range range;
  private final Limits limits;
  private final Ledger ledger;
  private final InstantSource clock;
  private final Map<Integer, Waiting> waiting = new ConcurrentHashMap<>();
  // Guarded by this.
  private int next;
  private boolean closed;

  SshTunnels(EventLoops loops, Range range, Limits limits, Ledger ledger, InstantSource clock) {
    this.loops = loops;
    this.range = range;
    this.limits = limits;
    this.ledger = ledger;
    this.clock = clock;
    this.next = range.first();
  }

  /// A port that waits, and the name that it waits for.
  private record Waiting(OneTimePort port, InetSocketAddress bound, String login) {}

  @Override
  public Optional<Tunnel> open(AuthenticatedUser user, AccessRequest access) {
    byte[] word = new byte[WORD_BYTES];
    RANDOM.nextBytes(word);
    Waiting opened;
    synchronized (this) {
      long theirs = waiting.values().stream().filter(one -> one.port().isOpenFor(user)).count();
      opened =
          closed || theirs >= limits.ofOnePerson()
              ? null
              : bind(user, access, BEFORE + HexFormat.of().formatHex(word));
      if (opened == null) {
        return Optional.empty();
      }
    }
    try {
      opened.port().opened();
    } catch (LedgerUnavailableException e) {
      close(opened);
      throw e;
    }
    Instant until = clock.instant().plus(limits.open());
    Thread.ofVirtual().name("ssh-tunnel").start(() -> closeInTime(opened));
    return Optional.of(new Tunnel(range.host(), opened.port().port(), opened.login(), until));
  }

  /// A port of the range that is free, in turn. Known before it listens, so that nobody comes to
  /// one that waits for nobody.
  private @Nullable Waiting bind(AuthenticatedUser user, AccessRequest access, String login) {
    for (int tries = 0; tries < range.count(); tries++) {
      int port = next;
      next = range.after(port);
      Waiting made =
          new Waiting(
              new OneTimePort(port, user, access, limits, ledger, clock),
              new InetSocketAddress(range.listen(), port),
              login);
      if (waiting.putIfAbsent(port, made) != null) {
        continue;
      }
      try {
        loops.listenAlso(made.bound());
        return made;
      } catch (IOException e) {
        waiting.remove(port);
        LOG.debug("port {} is not free: {}", port, e.toString());
      }
    }
    return null;
  }

  private void closeInTime(Waiting one) {
    try {
      for (long left = one.port().leftNanos(); left > 0; left = one.port().leftNanos()) {
        Thread.sleep(left / 1_000_000 + 1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    close(one);
  }

  private void close(Waiting one) {
    loops.listenNoMore(one.bound());
    waiting.remove(one.port().port(), one);
  }

  /// Whether connections to that port are for a one-time port and for nothing else.
  @Override
  public boolean has(int port) {
    return port >= range.first() && port <= range.last() && waiting.containsKey(port);
  }

  /// Somebody logs in at a one-time port. Blocks.
  ///
  /// @return who that is and where they may go; nothing when they are turned away, which stands in
  ///   the ledger
  @Override
  public Optional<SshAuthentication.Proven> came(int port, InetAddress source, String userName) {
    Waiting one = waiting.get(port);
    if (one == null) {
      return Optional.empty(); // closed in the meantime
    }
    boolean right =
        MessageDigest.isEqual(
            one.login().getBytes(StandardCharsets.UTF_8),
            userName.getBytes(StandardCharsets.UTF_8));
    OneTimePort door = one.port();
    return door.came(source, right) == OneTimePort.Outcome.TAKEN
        ? Optional.of(
            new SshAuthentication.Proven(
                door.user(),
                new AccessAddress(door.user().user().name().value(), door.access(), true)))
        : Optional.empty();
  }

  /// Closes what waits.
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    waiting.values().forEach(this::close);
  }
}
