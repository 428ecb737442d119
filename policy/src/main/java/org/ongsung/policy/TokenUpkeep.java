package org.ongsung.policy;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.ongsung.audit.Ledger;
import org.ongsung.directory.Directory;
import org.ongsung.directory.DirectorySnapshot;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.Name;
import org.ongsung.model.User;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes away the tokens that nobody may use any more: expired ones, and those of users who are
/// gone or not active.
///
/// Such tokens open nothing even before they go, since their user is looked up at each use. They go
/// so that a user who is made active again, or another person who is given the name, does not find
/// them alive. Works after every change of the directory and once an hour, on threads of its own.
public final class TokenUpkeep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TokenUpkeep.class);
  private static final Duration EVERY = Duration.ofHours(1);

  private final TokenStore tokens;
  private final Directory directory;
  private final Ledger ledger;
  private final InstantSource clock;
  private final Semaphore changes = new Semaphore(0);
  private final Thread thread;
  private volatile boolean closed;

  /// Starts with a first look at everything, and goes on until closed.
  public TokenUpkeep(TokenStore tokens, Directory directory, Ledger ledger, InstantSource clock) {
    this.tokens = tokens;
    this.directory = directory;
    this.ledger = ledger;
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("token-upkeep").unstarted(this::run);
    directory.onChange(_ -> changes.release());
    thread.start();
  }

  private void run() {
    while (!closed) {
      try {
        round(directory.snapshot());
      } catch (RuntimeException e) {
        LOG.error("tokens that are no longer good could not be taken away; trying again later", e);
      }
      try {
        boolean _ = changes.tryAcquire(EVERY.toSeconds(), TimeUnit.SECONDS);
        changes.drainPermits();
      } catch (InterruptedException e) {
        return; // closed
      }
    }
  }

  /// Takes away what is no longer good now.
  void round(DirectorySnapshot snapshot) {
    tokens.purgeExpired(clock.instant());
    Set<Name> seen = new HashSet<>();
    for (AccessToken token : tokens.listAll()) {
      Name name = token.user();
      if (name != null && seen.add(name) && snapshot.user(name).filter(User::active).isEmpty()) {
        ledger.append(revoked(name));
        tokens.deleteAll(name, null);
      }
    }
  }

  private AuditEvent revoked(Name user) {
    return new AuditEvent(
        clock.instant(),
        AuditCode.TOKEN_REVOKED,
        AuditEvent.SYSTEM,
        "",
        null,
        user.value(),
        Map.of("tokens", "all", "reason", "the user is gone or not active"));
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
