package org.ongsung.gateway;

import java.net.InetAddress;
import java.time.Instant;
import java.util.Comparator;
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
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.EndReason;
import org.ongsung.model.Name;
import org.ongsung.model.Session;
import org.ongsung.model.SessionId;
import org.ongsung.model.SessionState;
import org.ongsung.model.Shown;
import org.ongsung.model.SshPublicKey;
import org.ongsung.policy.AccessRequest;
import org.ongsung.policy.AuthenticatedUser;
import org.ongsung.policy.TargetGrant;
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
  private final SessionPlaces places;
  private final List<Thread> watches;
  private final KeepChannelProgress progress;
  private final Denials denials = new Denials();
  private final LongAdder started = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder terminated = new LongAdder();
  private final LongAdder endedFromClients = new LongAdder();
  private final LongAdder endedToClients = new LongAdder();
  private volatile boolean draining;
  private volatile boolean closed;

  public SessionGateway(GatewayParts parts) {
    this.parts = parts;
    this.late = new LateWrites(parts.limits().lateWrites(), parts.limits().sweepInterval());
    this.places = new SessionPlaces(parts.sessions(), parts.node(), parts.limits().sessions());
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
      places.release(session);
      LOG.error("the start of session {} cannot be written", session.id(), e);
      undo(session);
      refused.increment();
      throw new SessionRefusedException(Notice.of(Notice.Code.RECORD_UNAVAILABLE));
    }
    LiveSession opened = new LiveSession(session, grant, client, parts, late, places, this::gone);
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
        grant.target().protocol(),
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
      refuse(session, "draining", Notice.Code.STOPPING);
    }
    if (parts.storage().look() != StorageWatch.Room.ENOUGH) {
      refuse(session, "storage is low", Notice.Code.STORAGE_LOW);
    }
    if (!parts.authorizer().stillHolds(grant)) {
      refuse(session, "grant no longer holds", Notice.Code.WITHDRAWN);
    }
    Integer most = grant.grant().limits().sessions();
    int elsewhere = most == null ? 0 : liveElsewhere(session);
    switch (places.take(session, most, elsewhere)) {
      case TAKEN -> {}
      case GATEWAY_FULL ->
          refuse(
              session, "the gateway carries as many sessions as it may", Notice.Code.GATEWAY_FULL);
      case GRANT_FULL -> refuse(session, "limits.sessions of the grant", Notice.Code.TOO_MANY);
    }
  }

  private int liveElsewhere(Session session) throws SessionRefusedException {
    try {
      return places.elsewhere(session);
    } catch (RuntimeException e) {
      LOG.error("the live sessions of {} cannot be counted", session.user(), e);
      refused.increment();
      throw new SessionRefusedException(Notice.of(Notice.Code.UNCOUNTABLE));
    }
  }

  private void refuse(Session session, String reason, Notice.Code told)
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
    throw new SessionRefusedException(Notice.of(told));
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
    EndReason reason = EndReason.of(EndReason.Code.START_UNRECORDED);
    AuditEvent event =
        new AuditEvent(
            now,
            AuditCode.RECORDING_FAILED,
            AuditEvent.SYSTEM,
            "",
            session.id(),
            session.target().value(),
            Map.of("user", session.user().value(), "error", reason.text()));
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
    places.release(session.session());
  }

  @Override
  public void denied(
      AuthenticatedUser user, AccessRequest request, ClientConnection client, String reason) {
    long leftOut = denials.next(user.user().name(), System.nanoTime());
    if (leftOut < 0) {
      return;
    }
    Map<String, String> details = new TreeMap<>();
    details.put("reason", reason);
    if (leftOut > 0) {
      details.put("leftOut", Long.toString(leftOut));
    }
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
    return session.endFor(EndReason.of(EndReason.Code.ADMINISTRATOR, reason.strip()), by);
  }

  /// Whether new sessions are refused because the gateway stops.
  public boolean isDraining() {
    return draining;
  }

  /// Refuses new sessions from now on and tells the people in the live ones why.
  void startDrain(Notice notice) {
    draining = true;
    live.values().forEach(session -> session.tell(notice));
  }

  /// Ends every live session.
  void endAll(EndReason.Code why) {
    for (LiveSession session : live.values()) {
      session.endFor(EndReason.of(why), null);
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
      parts.storage().tendReserve();
      if (parts.storage().look() == StorageWatch.Room.NONE) {
        endAll(EndReason.Code.STORAGE_FULL);
      }
    } catch (RuntimeException | Error e) { // a watch that has stopped would watch no more
      LOG.error("looking at clock and space failed", e);
    }
  }

  /// Nothing here waits: one session must not keep another from ending.
  private void lookAtSessions() {
    for (LiveSession session : live.values()) {
      try {
        session.check(System.nanoTime());
      } catch (RuntimeException | Error e) { // an Error, too, must not end the watch over all
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
    endAll(EndReason.Code.GATEWAY_STOP);
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
