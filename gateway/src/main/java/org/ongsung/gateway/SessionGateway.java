package org.ongsung.gateway;

import java.net.InetAddress;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.Name;
import org.ongsung.model.Protocol;
import org.ongsung.model.Session;
import org.ongsung.model.SessionId;
import org.ongsung.model.SessionState;
import org.ongsung.model.Shown;
import org.ongsung.model.SshPublicKey;
import org.ongsung.policy.AccessRequest;
import org.ongsung.policy.AuthenticatedUser;
import org.ongsung.policy.TargetGrant;
import org.ongsung.recording.SessionQuery;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The gateway of this process: opens sessions, watches over them, and ends them when they may not
/// go on.
///
/// Fail closed: whatever cannot be recorded does not happen, or ends.
public final class SessionGateway implements Gateway, LiveSessions, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SessionGateway.class);
  private static final int MAX_CLIENT_CHARACTERS = 255;

  private final GatewayParts parts;
  private final LateWrites late;
  private final HostKeys hostKeys;
  private final ClockWatch clockWatch;
  private final Map<SessionId, LiveSession> live = new ConcurrentHashMap<>();
  private final Map<GrantUse, Integer> uses = new HashMap<>();
  private final List<Thread> watches;
  private final KeepChannelProgress progress;
  private final LongAdder started = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder terminated = new LongAdder();
  private final LongAdder endedFromClients = new LongAdder();
  private final LongAdder endedToClients = new LongAdder();
  private int admitted;
  private volatile boolean draining;
  private volatile boolean closed;

  /// What `limits.sessions` counts.
  private record GrantUse(Name user, Name grant) {}

  public SessionGateway(GatewayParts parts) {
    this.parts = parts;
    this.late = new LateWrites(parts.limits().lateWrites(), parts.limits().sweepInterval());
    this.hostKeys = new HostKeys(parts.directory(), parts.ledger(), parts.clock(), late);
    this.clockWatch =
        new ClockWatch(
            parts.clock(), System::nanoTime, parts.limits().clockStep(), this::systemEvent);
    parts.storage().tellTo(this::systemEvent);
    parts.storage().look();
    parts.directory().onChange(snapshot -> live.values().forEach(LiveSession::checkGrant));
    // Apart, because a disk that stands still must not keep a session from ending.
    this.watches =
        List.of(
            Thread.ofVirtual().name("session-watch").start(() -> repeat(this::lookAtSessions)),
            Thread.ofVirtual()
                .name("surroundings-watch")
                .start(() -> repeat(this::lookAtSurroundings)));
    this.progress =
        new KeepChannelProgress(live::values, parts.sessions(), parts.limits().sweepInterval());
  }

  /// Does not wait for the ledger: who looks must look on.
  private void systemEvent(AuditEvent event) {
    Thread.startVirtualThread(
        () -> late.write(event.code().text(), () -> parts.ledger().append(event)));
  }

  @Override
  public OpenSession open(TargetGrant grant, ClientConnection client)
      throws SessionRefusedException {
    Session session = sessionOf(grant, client);
    admit(session, grant);
    try {
      start(session, grant, client);
    } catch (RuntimeException e) {
      release(session);
      LOG.error("the start of session {} cannot be written", session.id(), e);
      undo(session);
      refused.increment();
      throw new SessionRefusedException(
          "This gateway cannot record sessions at the moment, so it starts none. Try again later,"
              + " or tell your administrator.");
    }
    LiveSession opened = new LiveSession(session, grant, client, parts, late, this::gone);
    live.put(session.id(), opened);
    started.increment();
    // What changed while the start was written has told its listeners before they knew of this one.
    opened.checkGrant();
    return opened;
  }

  private Session sessionOf(TargetGrant grant, ClientConnection client) {
    Instant now = parts.clock().instant();
    return new Session(
        SessionId.create(now),
        grant.user().user().name(),
        grant.target().name(),
        grant.account().name(),
        grant.account().login(),
        Protocol.SSH,
        grant.grant().name(),
        grant.user().factors(),
        addressOf(client),
        Shown.plain(client.client(), MAX_CLIENT_CHARACTERS),
        parts.node(),
        now,
        null);
  }

  private static String addressOf(ClientConnection client) {
    InetAddress address = client.source().getAddress();
    return address == null ? client.source().getHostString() : address.getHostAddress();
  }

  private void admit(Session session, TargetGrant grant) throws SessionRefusedException {
    if (draining || closed) {
      refuse(session, "draining", "This gateway is stopping. Try again in a few minutes.");
    }
    if (parts.storage().look() != StorageWatch.Room.ENOUGH) {
      refuse(
          session,
          "storage is low",
          "This gateway has too little free space to record sessions, so it starts none."
              + " Ask your administrator to make room.");
    }
    if (!parts.authorizer().stillHolds(grant)) {
      refuse(session, "grant no longer holds", "Your access to this target was withdrawn.");
    }
    Integer most = grant.grant().limits().sessions();
    int elsewhere = most == null ? 0 : liveElsewhere(session);
    String reason = reserve(session, most, elsewhere);
    if (reason != null) {
      refuse(
          session,
          reason,
          "You have as many sessions as allowed already. End one of them and try again.");
    }
  }

  private int liveElsewhere(Session session) throws SessionRefusedException {
    SessionQuery query =
        new SessionQuery(
            session.user(),
            null,
            java.util.Set.of(SessionState.LIVE),
            java.util.Set.of(),
            null,
            null,
            null,
            null,
            SessionQuery.MAX_LIMIT);
    try {
      return (int)
          parts.sessions().find(query).stream()
              .filter(other -> !other.node().equals(parts.node()))
              .filter(other -> other.grant().equals(session.grant()))
              .count();
    } catch (RuntimeException e) {
      LOG.error("the live sessions of {} cannot be counted", session.user(), e);
      refused.increment();
      throw new SessionRefusedException(
          "This gateway cannot look up your sessions at the moment. Try again later, or tell your"
              + " administrator.");
    }
  }

  /// Counts the session in; null, or why not.
  private @Nullable String reserve(Session session, @Nullable Integer most, int elsewhere) {
    GrantUse use = new GrantUse(session.user(), session.grant());
    synchronized (uses) {
      if (admitted >= parts.limits().sessions()) {
        return "the gateway carries as many sessions as it may";
      }
      int now = uses.getOrDefault(use, 0);
      if (most != null && now + elsewhere >= most) {
        return "limits.sessions of the grant";
      }
      uses.put(use, now + 1);
      admitted++;
      return null;
    }
  }

  private void release(Session session) {
    synchronized (uses) {
      uses.computeIfPresent(
          new GrantUse(session.user(), session.grant()), (use, n) -> n == 1 ? null : n - 1);
      admitted--;
    }
  }

  private void refuse(Session session, String reason, String message)
      throws SessionRefusedException {
    refused.increment();
    AuditEvent event =
        new AuditEvent(
            session.startedAt(),
            AuditCode.ACCESS_DENIED,
            session.user().value(),
            session.source(),
            null,
            session.target().value(),
            Map.of("account", session.account().value(), "reason", reason));
    late.write("a refusal", () -> parts.ledger().append(event));
    throw new SessionRefusedException(message);
  }

  private void start(Session session, TargetGrant grant, ClientConnection client) {
    CompletableFuture<Long> told = parts.ledger().offer(startEvent(session, grant, client));
    parts.sessions().start(session);
    try {
      told.get(parts.limits().writeTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the ledger did not take the start of a session", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted at the start of a session", e);
    }
  }

  private static AuditEvent startEvent(
      Session session, TargetGrant grant, ClientConnection client) {
    Map<String, String> details = new TreeMap<>();
    details.put("account", session.account().value());
    details.put("login", session.login());
    details.put("grant", session.grant().value());
    details.put("factors", session.factors());
    details.put("address", grant.target().address().toString());
    details.put("front", client.front());
    details.put("client", session.client());
    details.put("node", session.node());
    return new AuditEvent(
        session.startedAt(),
        AuditCode.SESSION_START,
        session.user().value(),
        session.source(),
        session.id(),
        session.target().value(),
        details);
  }

  /// Half a start may be durable: it is ended, as soon as that can be written.
  private void undo(Session session) {
    Instant now = parts.clock().instant();
    String reason = "the start could not be recorded";
    AuditEvent event =
        new AuditEvent(
            now,
            AuditCode.RECORDING_FAILED,
            AuditEvent.SYSTEM,
            "",
            session.id(),
            session.target().value(),
            Map.of("user", session.user().value(), "error", reason));
    Session.End end = new Session.End(now, SessionState.FAILED, reason, null, 0, 0);
    Thread.startVirtualThread(
        () -> {
          late.write("the failed start of " + session.id(), () -> parts.ledger().append(event));
          late.write("the end of " + session.id(), () -> parts.sessions().end(session.id(), end));
        });
  }

  private void gone(LiveSession session) {
    endedFromClients.add(session.bytesFromClient());
    endedToClients.add(session.bytesToClient());
    if (session.endedByGateway()) {
      terminated.increment();
    }
    live.remove(session.id());
    release(session.session());
  }

  @Override
  public void denied(
      AuthenticatedUser user, AccessRequest request, ClientConnection client, String reason) {
    Map<String, String> details = new TreeMap<>();
    details.put("reason", reason);
    if (request.account() != null) {
      details.put("account", Shown.plain(request.account(), Name.MAX_CHARACTERS * 2));
    }
    AuditEvent event =
        new AuditEvent(
            parts.clock().instant(),
            AuditCode.ACCESS_DENIED,
            user.user().name().value(),
            addressOf(client),
            null,
            Shown.plain(request.target(), Name.MAX_CHARACTERS * 2),
            details);
    late.write("a denial", () -> parts.ledger().append(event));
  }

  @Override
  public HostKeyVerdict verifyHostKey(OpenSession session, SshPublicKey proven) {
    return hostKeys.verify((LiveSession) session, proven);
  }

  @Override
  public List<Session> list() {
    return live.values().stream()
        .map(LiveSession::session)
        .sorted(Comparator.comparing(Session::id).reversed())
        .toList();
  }

  @Override
  public Optional<Session> find(SessionId id) {
    return Optional.ofNullable(live.get(id)).map(LiveSession::session);
  }

  @Override
  public boolean terminate(SessionId id, Name by, String reason) {
    LiveSession session = live.get(id);
    if (session == null || reason.isBlank()) {
      return false;
    }
    return session.endFor(
        EndCause.ADMINISTRATOR,
        "An administrator ended this session: " + Shown.plain(reason.strip(), 500),
        by);
  }

  /// Whether new sessions are refused because the gateway stops.
  public boolean isDraining() {
    return draining;
  }

  /// Refuses new sessions from now on and tells the people in the live ones why.
  void startDrain(String notice) {
    draining = true;
    live.values().forEach(session -> session.tell(notice));
  }

  /// Ends every live session.
  void endAll(EndCause cause, String message) {
    for (LiveSession session : live.values()) {
      session.endFor(cause, message, null);
    }
  }

  /// What was counted until now.
  public GatewayFigures figures() {
    long fromClients = endedFromClients.sum();
    long toClients = endedToClients.sum();
    for (LiveSession session : live.values()) {
      fromClients += session.bytesFromClient();
      toClients += session.bytesToClient();
    }
    return new GatewayFigures(
        live.size(),
        parts.recorders().openRecordings(),
        started.sum(),
        refused.sum(),
        terminated.sum(),
        fromClients,
        toClients,
        parts.recorders().queuedBytes(),
        late.size(),
        parts.storage().usableBytes());
  }

  private void repeat(Runnable look) {
    try {
      while (!closed) {
        Thread.sleep(parts.limits().sweepInterval());
        look.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void lookAtSurroundings() {
    try {
      clockWatch.look();
      if (parts.storage().look() == StorageWatch.Room.NONE) {
        endAll(
            EndCause.STORAGE_FULL,
            "This gateway has no space left to record sessions, so this one ends."
                + " Tell your administrator.");
      }
    } catch (RuntimeException e) {
      LOG.error("looking at clock and space failed", e);
    }
  }

  /// Nothing here waits: one session must not keep another from ending.
  private void lookAtSessions() {
    for (LiveSession session : live.values()) {
      try {
        session.check(System.nanoTime());
      } catch (RuntimeException e) {
        LOG.error("looking at session {} failed, so it ends", session.id(), e);
        session.recordLost(e);
      }
    }
  }

  /// Stops watching. Drain before: sessions that are still live are ended with a message and get as
  /// long as a protocol may take.
  @Override
  public void close() {
    draining = true;
    endAll(EndCause.DRAIN, "This gateway stops now.");
    awaitNone(parts.limits().endGrace().plus(parts.limits().sweepInterval()));
    closed = true;
    watches.forEach(Thread::interrupt);
    progress.close();
    late.close();
  }

  /// Waits until no session is live, at most for `time`; says whether none is.
  boolean awaitNone(java.time.Duration time) {
    long start = System.nanoTime();
    try {
      while (!live.isEmpty() && System.nanoTime() - start < time.toNanos()) {
        Thread.sleep(20);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return live.isEmpty();
  }
}
