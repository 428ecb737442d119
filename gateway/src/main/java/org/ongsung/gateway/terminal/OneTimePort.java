package org.ongsung.gateway.terminal;

import java.net.InetAddress;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.ongsung.audit.Ledger;
import org.ongsung.audit.LedgerUnavailableException;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.Name;
import org.ongsung.model.Shown;
import org.ongsung.policy.AccessRequest;
import org.ongsung.policy.AuthenticatedUser;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whom a one-time port waits for, whether somebody has taken it, and what of that stands in the
/// ledger. For any threads.
public final class OneTimePort {
  /// What becomes of somebody who came.
  public enum Outcome {
    TAKEN,
    /// Another address, a second or a late one, or without the word that belongs to it.
    REFUSED
  }

  private static final Logger LOG = LoggerFactory.getLogger(OneTimePort.class);

  private final int port;
  private final AuthenticatedUser user;
  private final AccessRequest access;
  private final Tunnels.Limits limits;
  private final Ledger ledger;
  private final InstantSource clock;
  private final long startNanos = System.nanoTime();
  private boolean taken;
  private int refusals;

  public OneTimePort(
      int port,
      AuthenticatedUser user,
      AccessRequest access,
      Tunnels.Limits limits,
      Ledger ledger,
      InstantSource clock) {
    this.port = port;
    this.user = user;
    this.access = access;
    this.limits = limits;
    this.ledger = ledger;
    this.clock = clock;
  }

  public int port() {
    return port;
  }

  public AuthenticatedUser user() {
    return user;
  }

  public AccessRequest access() {
    return access;
  }

  /// Whether it waits for somebody of that name.
  public synchronized boolean isOpenFor(AuthenticatedUser other) {
    return !taken && !isLate() && user.user().name().equals(other.user().name());
  }

  /// The nanoseconds that it stays bound from now on; 0 or less when that is over.
  public long leftNanos() {
    return startNanos + limits.open().plus(limits.tombstone()).toNanos() - System.nanoTime();
  }

  private boolean isLate() {
    return System.nanoTime() - startNanos >= limits.open().toNanos();
  }

  /// Puts into the ledger that it waits. Blocks.
  public void opened() {
    ledger.append(event(AuditCode.TUNNEL_OPENED, user.source(), Map.of()));
  }

  /// Somebody came. What becomes of them is in the ledger when it returns. Blocks.
  ///
  /// @param hasTheWord whether they brought what the port asks for, if it asks for anything
  /// @throws LedgerUnavailableException when it cannot be put into the ledger: nobody comes through
  ///   unseen, and the port is used up
  public Outcome came(InetAddress source, boolean hasTheWord) {
    String reason;
    synchronized (this) {
      reason = refusal(source, hasTheWord);
      if (reason.isEmpty()) {
        taken = true;
      } else if (++refusals > limits.refusalsTold()) {
        return Outcome.REFUSED;
      }
    }
    if (reason.isEmpty()) {
      ledger.append(event(AuditCode.TUNNEL_TAKEN, source, Map.of()));
      return Outcome.TAKEN;
    }
    try {
      ledger.append(event(AuditCode.TUNNEL_REFUSED, source, Map.of("reason", reason)));
    } catch (LedgerUnavailableException e) {
      LOG.error("a refusal of port {} cannot be put into the ledger", port, e);
    }
    return Outcome.REFUSED;
  }

  private String refusal(InetAddress source, boolean hasTheWord) {
    if (taken) {
      return "the port was taken before";
    }
    if (isLate()) {
      return "the port's time was over";
    }
    if (!source.equals(user.source())) {
      return "another address";
    }
    return hasTheWord ? "" : "without the name that belongs to the port";
  }

  private AuditEvent event(AuditCode code, InetAddress source, Map<String, String> more) {
    Map<String, String> details = new HashMap<>(more);
    details.put("port", Integer.toString(port));
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
}
