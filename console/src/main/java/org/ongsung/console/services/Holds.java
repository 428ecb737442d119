package org.ongsung.console.services;

import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.ongsung.audit.Ledger;
import org.ongsung.console.http.Caller;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.Session;
import org.ongsung.model.SessionId;
import org.ongsung.recording.Retention;
import org.ongsung.recording.RetentionStore;
import org.ongsung.recording.SessionStore;

/// Legal holds: while one is on a session, nothing deletes its recordings. Setting and lifting one
/// takes a reason and is in the ledger before it is done. Blocks.
public final class Holds {
  private static final int MAX_REASON_CHARACTERS = 500;

  private final SessionStore sessions;
  private final RetentionStore retention;
  private final Ledger ledger;
  private final InstantSource clock;

  public Holds(ConsoleServices services) {
    this.sessions = services.sessions();
    this.retention = services.retention();
    this.ledger = services.ledger();
    this.clock = services.clock();
  }

  /// How it stands with a session.
  public Retention of(SessionId session) {
    return retention.of(session);
  }

  /// Holds a session.
  ///
  /// @throws HttpProblem 404 for none, 409 when it is held already or its recordings are gone, 422
  ///   without a reason
  public void hold(Caller caller, SessionId id, Optional<String> reason) {
    Session session = session(id);
    String why = checked(reason);
    Retention now = retention.of(id);
    if (now.purge() != null) {
      throw new HttpProblem(
          409, "already-purged", "its recordings were deleted by the retention policy");
    }
    if (now.hold() != null) {
      throw heldAlready();
    }
    tell(AuditCode.SESSION_HELD, caller, session, why);
    if (!retention.hold(id, new Retention.Hold(caller.name(), clock.instant(), why))) {
      throw heldAlready();
    }
  }

  /// Lifts a hold.
  ///
  /// @throws HttpProblem 404 for no session, 409 when it is not held, 422 without a reason
  public void release(Caller caller, SessionId id, Optional<String> reason) {
    Session session = session(id);
    String why = checked(reason);
    if (retention.of(id).hold() == null) {
      throw new HttpProblem(409, "not-held", "nobody holds this session");
    }
    tell(AuditCode.SESSION_HOLD_LIFTED, caller, session, why);
    boolean _ = retention.release(id);
  }

  private static HttpProblem heldAlready() {
    return new HttpProblem(409, "held-already", "this session is held already");
  }

  private Session session(SessionId id) {
    return sessions.find(id).orElseThrow(HttpProblem::notFound);
  }

  private static String checked(Optional<String> reason) {
    String why = reason.map(String::strip).orElse("");
    if (why.isEmpty()
        || why.length() > MAX_REASON_CHARACTERS
        || why.codePoints().anyMatch(Character::isISOControl)) {
      throw new HttpProblem(
          422, "reason-missing", "give a reason of one line, at most 500 characters");
    }
    return why;
  }

  private void tell(AuditCode code, Caller caller, Session session, String reason) {
    ledger.append(
        new AuditEvent(
            clock.instant(),
            code,
            caller.name(),
            caller.sourceText(),
            session.id(),
            session.id().value(),
            Map.of(
                "reason", reason,
                "user", session.user().value(),
                "target", session.target().value())));
  }
}
