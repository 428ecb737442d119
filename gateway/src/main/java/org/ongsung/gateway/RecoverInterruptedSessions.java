package org.ongsung.gateway;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ongsung.audit.Ledger;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.EndReason;
import org.ongsung.model.Session;
import org.ongsung.model.SessionChannel;
import org.ongsung.model.SessionState;
import org.ongsung.recording.ChannelProgress;
import org.ongsung.recording.Recorders;
import org.ongsung.recording.Recordings;
import org.ongsung.recording.SessionStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Closes, at a start, the sessions that the process before left open: they were interrupted.
///
/// Their channels end where their recordings do, or, where they have none, where they were seen
/// last ([KeepChannelProgress]). The ledger hears of a session before its end is written, so that a
/// crash in between repeats the event rather than losing it.
public final class RecoverInterruptedSessions {
  private static final Logger LOG = LoggerFactory.getLogger(RecoverInterruptedSessions.class);

  private final String node;
  private final SessionStore sessions;
  private final Recordings recordings;
  private final Ledger ledger;
  private final InstantSource clock;

  public RecoverInterruptedSessions(
      String node,
      SessionStore sessions,
      Recordings recordings,
      Ledger ledger,
      InstantSource clock) {
    this.node = node;
    this.sessions = sessions;
    this.recordings = recordings;
    this.ledger = ledger;
    this.clock = clock;
  }

  /// Closes them. Blocks; run it before anyone may connect.
  ///
  /// @return how many there were
  public int run() {
    int count = 0;
    for (Session session : sessions.openOn(node)) {
      close(session);
      count++;
    }
    if (count > 0) {
      LOG.warn("{} sessions were interrupted when the gateway stopped the last time", count);
    }
    return count;
  }

  private void close(Session session) {
    long fromClient = 0;
    long toClient = 0;
    Instant last = session.startedAt();
    Map<Integer, ChannelProgress> seen =
        sessions.progress(session.id()).stream()
            .collect(Collectors.toMap(ChannelProgress::number, Function.identity()));
    for (SessionChannel channel : sessions.channels(session.id())) {
      SessionChannel.End end = channel.end();
      if (end == null) {
        end =
            Recorders.hasRecording(channel.kind())
                ? recordings.endOf(channel)
                : lastSeen(channel, seen.get(channel.number()));
        sessions.closeChannel(session.id(), channel.number(), end);
      }
      fromClient += end.bytesFromClient();
      toClient += end.bytesToClient();
      last = end.at().isAfter(last) ? end.at() : last;
    }
    ledger.append(
        new AuditEvent(
            clock.instant(),
            AuditCode.SESSION_INTERRUPTED,
            AuditEvent.SYSTEM,
            "",
            session.id(),
            session.target().value(),
            Map.of(
                "user", session.user().value(),
                "account", session.account().value(),
                "lastRecorded", last.toString())));
    sessions.end(
        session.id(),
        new Session.End(
            clock.instant(),
            SessionState.INTERRUPTED,
            EndReason.of(EndReason.Code.GATEWAY_LOST),
            null,
            fromClient,
            toClient));
  }

  /// The end of a channel without a recording; of one that opened within the last moment nothing is
  /// known.
  private static SessionChannel.End lastSeen(
      SessionChannel channel, @Nullable ChannelProgress seen) {
    return new SessionChannel.End(
        seen == null ? channel.openedAt() : seen.at(),
        null,
        null,
        seen == null ? 0 : seen.bytesFromClient(),
        seen == null ? 0 : seen.bytesToClient(),
        null,
        null,
        0,
        /* complete= */ false);
  }
}
