package org.ongsung.console.services;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ongsung.audit.Ledger;
import org.ongsung.console.http.Caller;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.gateway.LiveSessions;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.FileOperation;
import org.ongsung.model.Name;
import org.ongsung.model.Session;
import org.ongsung.model.SessionChannel;
import org.ongsung.model.SessionId;
import org.ongsung.recording.RecordUnavailableException;
import org.ongsung.recording.RecordingFollower;
import org.ongsung.recording.RecordingId;
import org.ongsung.recording.Recordings;
import org.ongsung.recording.RetentionStore;
import org.ongsung.recording.SessionQuery;
import org.ongsung.recording.SessionStore;

/// Sessions and their recordings, for readers whom the route table has let in. Every reading of a
/// recording is in the ledger before its first byte goes out.
public final class SessionReading {
  private static final int BESIDE = 50;
  private static final int MAX_REASON_CHARACTERS = 500;

  private final SessionStore sessions;
  private final RetentionStore retention;
  private final Recordings recordings;
  private final LiveSessions live;
  private final Ledger ledger;
  private final InstantSource clock;

  public SessionReading(ConsoleServices services) {
    this.sessions = services.sessions();
    this.retention = services.retention();
    this.recordings = services.recordings();
    this.live = services.live();
    this.ledger = services.ledger();
    this.clock = services.clock();
  }

  public List<Session> find(SessionQuery query) {
    return sessions.find(query);
  }

  /// The session.
  ///
  /// @throws HttpProblem 404 when there is none
  public Session session(SessionId id) {
    return sessions.find(id).orElseThrow(HttpProblem::notFound);
  }

  /// Channels in order from number `from` on, at most `limit` (1 to 1,000).
  public List<SessionChannel> channels(SessionId id, int from, int limit) {
    return sessions.channels(id, from, limit);
  }

  /// The channels around one, as many as a page shows beside it.
  public List<SessionChannel> channelsAround(SessionId id, int number) {
    return sessions.channels(id, Math.max(0, number - BESIDE / 2), BESIDE);
  }

  /// One channel, if there is one of that number.
  public Optional<SessionChannel> findChannel(SessionId id, int number) {
    return sessions.channel(id, number);
  }

  /// One channel.
  ///
  /// @throws HttpProblem 404 when there is none
  public SessionChannel channel(SessionId id, int number) {
    return sessions.channel(id, number).orElseThrow(HttpProblem::notFound);
  }

  public List<FileOperation> files(SessionId id, long offset, int limit) {
    return sessions.fileOperations(id, offset, limit);
  }

  /// Opens a recording and says so in the ledger.
  ///
  /// @throws HttpProblem 404 when the channel has none
  public InputStream open(Caller caller, SessionId id, int number) throws IOException {
    Session session = session(id);
    SessionChannel channel = channel(id, number);
    InputStream text;
    try {
      text = recordings.open(new RecordingId(id, number));
    } catch (NoSuchFileException e) {
      throw noRecording(id);
    }
    try {
      tell(AuditCode.RECORDING_READ, caller, session, channel);
      return text;
    } catch (RuntimeException e) {
      text.close();
      throw e;
    }
  }

  /// When what happened in a terminal's recording, without what: see [ReplayTimeline].
  ///
  /// @param idleSeconds how long a pause may at most be; 0 for as long as it was
  /// @throws HttpProblem 404 when the channel has no recording of a terminal
  public Map<String, Object> timeline(SessionId id, int number, int idleSeconds)
      throws IOException {
    channel(id, number);
    try {
      return ReplayTimeline.index(openAgain(id, number), idleSeconds, "timeline");
    } catch (NoSuchFileException e) {
      throw noRecording(id);
    }
  }

  /// Writes one part of a terminal's recording that [#open] has opened; closes it.
  ///
  /// @param lines how many lines the timeline was made of
  public void writePart(
      InputStream recording, int idleSeconds, int lines, int part, OutputStream out)
      throws IOException {
    ReplayTimeline.writePart(recording, idleSeconds, lines, part, out);
  }

  /// What was kept of a command's streams; in the ledger as a reading.
  public CommandOutput output(Caller caller, SessionId id, int number) throws IOException {
    return CommandOutput.read(open(caller, id, number));
  }

  /// Says in the ledger that a channel's record is read.
  ///
  /// @throws HttpProblem 404 when there is none
  void tellRead(Caller caller, SessionId id, int number) {
    tell(AuditCode.RECORDING_READ, caller, session(id), channel(id, number));
  }

  /// Opens a recording once more, right after [#open] or [#follow] has told the ledger.
  InputStream openAgain(SessionId id, int number) throws IOException {
    return recordings.open(new RecordingId(id, number));
  }

  /// Says in the ledger that somebody watches.
  ///
  /// @throws HttpProblem 404 when the channel has no recording
  public void tellWatched(Caller caller, SessionId id, int number) throws IOException {
    Session session = session(id);
    SessionChannel channel = channel(id, number);
    try (InputStream _ = openAgain(id, number)) {
      tell(AuditCode.RECORDING_WATCHED, caller, session, channel);
    } catch (NoSuchFileException e) {
      throw noRecording(id);
    }
  }

  /// Follows a recording; see [Recordings#follow].
  AutoCloseable follow(SessionId id, int number, RecordingFollower follower) throws IOException {
    try {
      return recordings.follow(new RecordingId(id, number), follower);
    } catch (RecordUnavailableException e) {
      throw StreamPlaces.full();
    }
  }

  private HttpProblem noRecording(SessionId id) {
    if (retention.of(id).purge() != null) {
      return new HttpProblem(
          404, "recording-purged", "this recording was deleted by the retention policy");
    }
    return new HttpProblem(404, "no-recording", "this channel has no recording to play");
  }

  /// Whether this process carries the session now, so that it can be ended from here.
  public boolean isLive(SessionId id) {
    return live.find(id).isPresent();
  }

  /// Ends a live session; the person reads `reason`, and the ledger keeps it.
  ///
  /// @throws HttpProblem 409 when it is not live here, 422 without a reason
  public void terminate(Caller caller, SessionId id, Optional<String> reason) {
    session(id);
    String why =
        reason.orElseThrow(
            () -> new HttpProblem(422, "reason-missing", "give a reason; the person reads it"));
    if (why.length() > MAX_REASON_CHARACTERS
        || why.codePoints().anyMatch(Character::isISOControl)) {
      throw new HttpProblem(
          422, "reason-missing", "a reason is one line of at most 500 characters");
    }
    if (!live.terminate(id, Name.of(caller.name()), why)) {
      throw new HttpProblem(409, "not-live", "this session is not live any more");
    }
  }

  private void tell(AuditCode code, Caller caller, Session session, SessionChannel channel) {
    ledger.append(
        new AuditEvent(
            clock.instant(),
            code,
            caller.name(),
            caller.sourceText(),
            session.id(),
            session.id() + "/" + channel.number(),
            Map.of(
                "user", session.user().value(),
                "target", session.target().value(),
                "account", session.account().value(),
                "kind", channel.kind().text())));
  }
}
