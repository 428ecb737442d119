package org.ongsung.gateway.terminal;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.ongsung.gateway.ClientConnection;
import org.ongsung.gateway.EndNotice;
import org.ongsung.gateway.Gateway;
import org.ongsung.gateway.OpenSession;
import org.ongsung.gateway.SessionRefusedException;
import org.ongsung.model.Capability;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.EndReason;
import org.ongsung.model.Protocol;
import org.ongsung.model.SessionState;
import org.ongsung.policy.AccessRequest;
import org.ongsung.policy.TargetGrant;
import org.ongsung.recording.RecordUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The second half of the one path for every terminal that is not relayed packet by packet: open
/// the record → dial → relay → close the record.
///
/// ```java
/// Terminals terminals = new Terminals(gateway);
/// terminals.reach(Protocol.TELNET, telnet.dialler());
/// TerminalOutcome outcome = terminals.run(grant, connection, request, front);
/// ```
public final class Terminals {
  private static final Logger LOG = LoggerFactory.getLogger(Terminals.class);

  /// How long the person's side may take to show why the gateway ended the session.
  private static final Duration TO_BE_TOLD = Duration.ofSeconds(1);

  private final Gateway gateway;
  private final Map<Protocol, TerminalDialler> diallers = new ConcurrentHashMap<>();

  public Terminals(Gateway gateway) {
    this.gateway = gateway;
  }

  /// Says how targets of `protocol` are reached; before the listeners open.
  public void reach(Protocol protocol, TerminalDialler dialler) {
    diallers.put(protocol, dialler);
  }

  /// Carries a terminal from the permission to the end of the session. Blocks all the while; the
  /// session is over when it returns, and `front` is the caller's to close.
  public TerminalOutcome run(
      TargetGrant grant, ClientConnection client, TerminalRequest terminal, TerminalFront front) {
    if (!grant.allows(Capability.SHELL)) {
      gateway.denied(
          grant.user(),
          new AccessRequest(grant.target().name().value(), grant.account().name().value()),
          client,
          "the grant has no " + Capability.SHELL.text());
      return new TerminalOutcome.NotReached(TerminalWords.NO_SHELL.with(grant.target().name()));
    }
    OpenSession session;
    try {
      session = gateway.open(grant, client);
    } catch (SessionRefusedException e) {
      return new TerminalOutcome.NotReached(e.notice()::in);
    }
    return new Run(session, terminal, front).run();
  }

  private TerminalDialler dialler(OpenSession session) {
    Protocol protocol = session.grant().target().protocol();
    TerminalDialler dialler = diallers.get(protocol);
    if (dialler == null) {
      throw new IllegalStateException("no terminals by " + protocol.text());
    }
    return dialler;
  }

  /// One terminal.
  private final class Run {
    private final OpenSession session;
    private final TerminalRequest terminal;
    private final TerminalFront front;

    // Guarded by this.
    private @Nullable Thread dialling = Thread.currentThread();
    private @Nullable TerminalUpstream upstream;
    private @Nullable EndNotice ended;
    private @Nullable TerminalTap tap;

    Run(OpenSession session, TerminalRequest terminal, TerminalFront front) {
      this.session = session;
      this.terminal = terminal;
      this.front = front;
    }

    TerminalOutcome run() {
      session.onEnd(this::endedByGateway);
      front.begun(session.id());
      session.onNotice(line -> front.tell(line::in));
      try {
        TerminalUpstream dialled = dialler(session).dial(session, asked());
        if (!reached(dialled)) {
          dialled.close();
          session.end(SessionState.ENDED, EndReason.of(EndReason.Code.GATEWAY_STOP));
          return new TerminalOutcome.CutOff();
        }
        return relay(dialled);
      } catch (TerminalDialException e) {
        LOG.info("session {}: {}", session.id(), e.getMessage());
        session.end(SessionState.FAILED, e.reason());
        return new TerminalOutcome.NotReached(e.told());
      } catch (InterruptedException e) {
        return interrupted();
      } catch (RuntimeException | Error e) { // whatever it is, the end of the session is written
        String number = Long.toHexString(System.nanoTime());
        LOG.error("session {} failed (error {})", session.id(), number, e);
        session.end(SessionState.FAILED, EndReason.of(EndReason.Code.INTERNAL_ERROR, number));
        return new TerminalOutcome.NotReached(TerminalWords.UNEXPECTED.with(number));
      } finally {
        finished();
      }
    }

    /// What the target is told of the person's terminal.
    private TerminalRequest asked() {
      return terminal.at(session.grant().target().encoding());
    }

    private TerminalOutcome relay(TerminalUpstream dialled) throws InterruptedException {
      TerminalTap record;
      try {
        record = new TerminalTap(session.openChannel(ChannelKind.SHELL, "", terminal.shape()));
      } catch (RecordUnavailableException e) {
        LOG.warn("session {}: no record for its terminal", session.id(), e);
        dialled.close();
        session.end(SessionState.FAILED, EndReason.of(EndReason.Code.RECORD_FAILED));
        // A session that is ended opens no record, and the person has been told why it was.
        return isCut()
            ? new TerminalOutcome.CutOff()
            : new TerminalOutcome.NotReached(TerminalWords.RECORD_UNAVAILABLE.with(session.id()));
      }
      synchronized (this) {
        tap = record;
      }
      TerminalRelay.End end = relay(dialled, record);
      TerminalExit exit = dialled.exit();
      record.close(exit);
      Optional<String> worker = dialled.lostWorker();
      session.end(SessionState.ENDED, reason(end, worker));
      if (isCut()) {
        return new TerminalOutcome.CutOff();
      }
      if (end == TerminalRelay.End.TARGET_LOST) {
        TerminalWords lost = worker.isPresent() ? TerminalWords.WORKER_LOST : TerminalWords.LOST;
        front.tell(lost.with(session.grant().target().name(), session.id()));
        return new TerminalOutcome.CutOff();
      }
      return new TerminalOutcome.Over(exit);
    }

    /// Whether the gateway has ended the session.
    private synchronized boolean isCut() {
      return ended != null;
    }

    /// On the person's event loop where both sides can be there; else with a thread for each way.
    private TerminalRelay.End relay(TerminalUpstream dialled, TerminalTap record)
        throws InterruptedException {
      TerminalTranslation translation = TerminalTranslation.of(session.grant().target());
      Optional<PersonOnLoop> person = front.onLoop();
      if (person.isPresent()) {
        try {
          Optional<TargetOnLoop> target = dialled.join(person.get().loop());
          if (target.isPresent()) {
            return new LoopRelay(
                    person.get(), target.get(), dialled, translation, record, session::touch)
                .run();
          }
        } catch (IOException e) {
          LOG.debug("session {}: lost before its relay: {}", session.id(), e.toString());
          dialled.close();
          return TerminalRelay.End.TARGET_LOST;
        }
      }
      return new TerminalRelay(front, dialled, translation, record, session::touch).run();
    }

    private static EndReason reason(TerminalRelay.End end, Optional<String> lostWorker) {
      if (end == TerminalRelay.End.PERSON) {
        return EndReason.of(EndReason.Code.PERSON_LEFT);
      }
      return lostWorker
          .map(worker -> EndReason.of(EndReason.Code.WORKER_LOST, worker))
          .orElseGet(() -> EndReason.of(EndReason.Code.TARGET_LEFT));
    }

    /// Keeps what was reached where an end can close it; false when the end came first.
    private synchronized boolean reached(TerminalUpstream dialled) {
      dialling = null;
      upstream = dialled;
      return ended == null;
    }

    private synchronized void finished() {
      dialling = null;
      upstream = null;
      if (ended != null) {
        Thread.interrupted(); // it came for the dial, which is over
      }
    }

    private TerminalOutcome interrupted() {
      if (!isCut()) {
        Thread.currentThread().interrupt();
      }
      session.end(SessionState.FAILED, EndReason.of(EndReason.Code.GATEWAY_STOP));
      return new TerminalOutcome.CutOff();
    }

    private void endedByGateway(EndNotice notice) {
      TerminalUpstream open;
      synchronized (this) {
        ended = notice;
        open = upstream;
        if (dialling != null) {
          dialling.interrupt();
        }
      }
      // Told apart: a person whose terminal takes nothing must not keep the session from ending.
      Thread telling =
          Thread.ofVirtual().name("terminal-end").start(() -> front.tell(notice.reason()::in));
      try {
        telling.join(TO_BE_TOLD);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (open != null) {
        open.close();
      }
      closeTap();
      front.hangUp();
    }

    private void closeTap() {
      TerminalTap open;
      synchronized (this) {
        open = tap;
      }
      if (open != null) {
        open.close(TerminalExit.UNKNOWN);
      }
    }
  }
}
