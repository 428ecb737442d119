package org.ongsung.gateway;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.EndReason;
import org.ongsung.model.FileOperation;
import org.ongsung.model.Grant;
import org.ongsung.model.Name;
import org.ongsung.model.Session;
import org.ongsung.model.SessionChannel;
import org.ongsung.model.SessionId;
import org.ongsung.model.SessionState;
import org.ongsung.policy.Authorizer;
import org.ongsung.policy.TargetGrant;
import org.ongsung.recording.ChannelProgress;
import org.ongsung.recording.ChannelRecorder;
import org.ongsung.recording.RecordUnavailableException;
import org.ongsung.recording.RecorderListener;
import org.ongsung.recording.Recorders;
import org.ongsung.recording.TerminalShape;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A session that this process carries, from its durable start to its written end.
final class LiveSession implements OpenSession {
  private static final Logger LOG = LoggerFactory.getLogger(LiveSession.class);

  private final Session session;
  private final TargetGrant grant;
  private final ClientConnection client;
  private final GatewayParts parts;
  private final LateWrites late;
  private final SessionPlaces places;
  private final Consumer<LiveSession> gone;
  private final long startNanos = System.nanoTime();
  private volatile Until until;
  private volatile Grant current;
  private volatile @Nullable Integer sessionsLimit;
  private final ChannelRecords records = new ChannelRecords();
  private final Refusals refusals = new Refusals();
  private final Object lock = new Object();

  private volatile long touchedNanos = startNanos;
  private long seenFromClient;

  // Guarded by lock.
  private final Map<Integer, ChannelRecorder> open = new HashMap<>();
  private final List<ChannelRecorder> closing = new ArrayList<>(0);
  private final List<Consumer<EndNotice>> endListeners = new ArrayList<>(1);
  private final List<Consumer<Notice>> noticeListeners = new ArrayList<>(1);
  private final Map<Integer, Long> keptBytes = new HashMap<>();
  private int nextChannel;
  private int openingChannels;
  private long closedFromClient;
  private long closedToClient;
  private @Nullable EndNotice notice;
  private long noticeNanos;
  private boolean ended;

  LiveSession(
      Session session,
      TargetGrant grant,
      ClientConnection client,
      GatewayParts parts,
      LateWrites late,
      SessionPlaces places,
      Consumer<LiveSession> gone) {
    this.session = session;
    this.grant = grant;
    this.client = client;
    this.parts = parts;
    this.late = late;
    this.places = places;
    this.gone = gone;
    current = grant.grant();
    sessionsLimit = current.limits().sessions();
    until = Until.of(grant.grant(), session.startedAt(), startNanos);
  }

  /// When the grant ends, on the monotonic clock too: setting the wall clock back must not lengthen
  /// a grant.
  ///
  /// @param at as the grant says, or null for never
  private record Until(@Nullable OffsetDateTime at, long nanos) {
    static Until of(Grant grant, Instant now, long nowNanos) {
      OffsetDateTime at = grant.until();
      return at == null
          ? new Until(null, 0)
          : new Until(at, nowNanos + saturatedNanos(Duration.between(now, at.toInstant())));
    }

    boolean isOver(long nowNanos) {
      return at != null && nowNanos - nanos >= 0;
    }
  }

  private static long saturatedNanos(Duration duration) {
    Duration most = Duration.ofDays(10_000);
    return (duration.compareTo(most) > 0 ? most : duration).toNanos();
  }

  Session session() {
    return session;
  }

  @Override
  public SessionId id() {
    return session.id();
  }

  @Override
  public TargetGrant grant() {
    return grant;
  }

  @Override
  public ClientConnection client() {
    return client;
  }

  @Override
  public ChannelRecorder openChannel(
      ChannelKind kind, String subject, @Nullable Terminal terminal) {
    if (subject.length() > SessionChannel.MAX_SUBJECT_CHARACTERS) {
      // Cut, it would hide what it is really about.
      throw new RecordUnavailableException("what this channel is about is too long to record");
    }
    int number = reserveChannel();
    SessionChannel channel =
        new SessionChannel(id(), number, kind, subject, parts.clock().instant(), null);
    ChannelRecorder recorder = null;
    try {
      CompletableFuture<Long> told = parts.ledger().offer(openEvent(channel, terminal));
      parts.sessions().openChannel(channel);
      recorder = parts.recorders().open(channel, shape(terminal), records);
      await(told);
    } catch (RuntimeException e) {
      release(number, channel, recorder);
      recordLost(e);
      throw new RecordUnavailableException("the record of this channel cannot be written", e);
    }
    synchronized (lock) {
      openingChannels--;
      if (!ended && notice == null) {
        open.put(number, recorder);
        return recorder;
      }
    }
    var _ = recorder.close(null, null);
    throw new RecordUnavailableException("the session is ending");
  }

  private int reserveChannel() {
    synchronized (lock) {
      if (ended || notice != null) {
        throw new RecordUnavailableException("the session is ending");
      }
      if (open.size() + openingChannels >= parts.limits().openChannels()) {
        throw new RecordUnavailableException("too many channels are open in this session");
      }
      openingChannels++;
      return nextChannel++;
    }
  }

  private void release(int number, SessionChannel channel, @Nullable ChannelRecorder recorder) {
    synchronized (lock) {
      openingChannels--;
    }
    if (recorder != null) {
      var _ = recorder.close(null, null);
      return;
    }
    SessionChannel.End end =
        new SessionChannel.End(
            parts.clock().instant(), null, null, 0, 0, null, null, 0, /* complete= */ false);
    Thread.startVirtualThread(
        () ->
            late.write(
                "the end of channel " + id() + "-" + number,
                () -> parts.sessions().closeChannel(channel.session(), number, end)));
  }

  private @Nullable TerminalShape shape(@Nullable Terminal terminal) {
    return terminal == null
        ? null
        : new TerminalShape(
            terminal.type(), terminal.columns(), terminal.rows(), grant().target().encoding());
  }

  private AuditEvent openEvent(SessionChannel channel, @Nullable Terminal terminal) {
    Map<String, String> details = channelDetails(channel);
    if (terminal != null) {
      details.put("terminal", terminal.type() + " " + terminal.columns() + "x" + terminal.rows());
    }
    return event(AuditCode.CHANNEL_OPEN, channel.subject(), details, channel.openedAt());
  }

  private static Map<String, String> channelDetails(SessionChannel channel) {
    Map<String, String> details = new TreeMap<>();
    details.put("channel", Integer.toString(channel.number()));
    details.put("kind", channel.kind().text());
    return details;
  }

  private AuditEvent event(
      AuditCode code, String subject, Map<String, String> details, Instant at) {
    return new AuditEvent(
        at, code, session.user().value(), session.source(), id(), subject, details);
  }

  AuditEvent systemEvent(
      AuditCode code, String actor, String subject, Map<String, String> details) {
    return new AuditEvent(parts.clock().instant(), code, actor, "", id(), subject, details);
  }

  private void await(CompletableFuture<Long> told) {
    try {
      told.get(parts.limits().writeTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new RecordUnavailableException("the ledger could not be written", e);
    } catch (TimeoutException e) {
      throw new RecordUnavailableException("the ledger did not answer in time", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RecordUnavailableException("interrupted while the ledger was written", e);
    }
  }

  @Override
  public void refused(ChannelKind kind, String subject, String reason) {
    event(AuditCode.CHANNEL_REFUSED, subject, Map.of("kind", kind.text(), "reason", reason));
  }

  @Override
  public void event(AuditCode code, String subject, Map<String, String> details) {
    Map<String, String> told = details;
    if (code == AuditCode.CHANNEL_REFUSED) {
      long leftOut = refusals.next(System.nanoTime());
      if (leftOut < 0) {
        return;
      }
      if (leftOut > 0) {
        told = new TreeMap<>(details);
        told.put("leftOut", Long.toString(leftOut));
      }
    }
    AuditEvent event = event(code, subject, told, parts.clock().instant());
    var _ =
        parts
            .ledger()
            .offer(event)
            .orTimeout(parts.limits().writeTimeout().toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete(
                (sequence, failure) -> {
                  if (failure != null) {
                    Thread.startVirtualThread(() -> recordLost(failure));
                  }
                });
  }

  @Override
  public void touch() {
    touchedNanos = System.nanoTime();
  }

  @Override
  public void onEnd(Consumer<EndNotice> listener) {
    EndNotice already;
    synchronized (lock) {
      already = notice;
      if (already == null) {
        endListeners.add(listener);
      }
    }
    if (already != null) {
      Thread.startVirtualThread(() -> listener.accept(already));
    }
  }

  @Override
  public void onNotice(Consumer<Notice> listener) {
    synchronized (lock) {
      noticeListeners.add(listener);
    }
  }

  /// Shows the person a line; does not wait for it.
  void tell(Notice line) {
    List<Consumer<Notice>> listeners;
    synchronized (lock) {
      listeners = List.copyOf(noticeListeners);
    }
    for (Consumer<Notice> listener : listeners) {
      Thread.startVirtualThread(() -> listener.accept(line));
    }
  }

  /// Ends the session from the gateway's side; the first cause counts.
  ///
  /// @return whether it was this call that ended it
  boolean endFor(EndReason why, @Nullable Name by) {
    EndNotice told = new EndNotice(SessionState.TERMINATED, why, by);
    List<Consumer<EndNotice>> listeners;
    synchronized (lock) {
      if (ended || notice != null) {
        return false;
      }
      notice = told;
      noticeNanos = System.nanoTime();
      listeners = List.copyOf(endListeners);
      endListeners.clear();
    }
    LOG.info("session {} ends: {}", id(), why.code().text());
    for (Consumer<EndNotice> listener : listeners) {
      Thread.startVirtualThread(() -> listener.accept(told));
    }
    return true;
  }

  /// The record cannot be written: the session ends, and the ledger hears of it as soon as it can.
  /// Does not wait for that.
  void recordLost(Throwable failure) {
    if (!endFor(EndReason.of(EndReason.Code.RECORD_FAILED), null)) {
      return;
    }
    LOG.error("the record of session {} cannot be written", id(), failure);
    AuditEvent event =
        systemEvent(
            AuditCode.RECORDING_FAILED,
            AuditEvent.SYSTEM,
            session.target().value(),
            Map.of("error", String.valueOf(failure.getMessage())));
    Thread.startVirtualThread(
        () ->
            late.write("the failed record of session " + id(), () -> parts.ledger().append(event)));
  }

  /// Looks whether the session may go on.
  void check(long nowNanos) {
    long fromClient = bytesFromClient();
    if (fromClient != seenFromClient) {
      // Bytes of the person reset the idle clock even where a protocol forgets to say so.
      seenFromClient = fromClient;
      touch();
    }
    if (!checkGrant()) {
      checkTimes(nowNanos);
    }
    closeOverdue(nowNanos);
  }

  private void checkTimes(long nowNanos) {
    Grant.Limits limits = current.limits();
    if (isPast(nowNanos - startNanos, limits.duration())) {
      endFor(limit(EndReason.Code.DURATION_LIMIT, limits.duration()), null);
    } else if (isPast(nowNanos - touchedNanos, limits.idle())) {
      endFor(limit(EndReason.Code.IDLE_LIMIT, limits.idle()), null);
    }
  }

  private EndReason limit(EndReason.Code code, @Nullable Object limit) {
    return EndReason.of(code, String.valueOf(limit), session.grant().value());
  }

  /// Looks whether the grant, as it is now, still holds.
  ///
  /// @return whether it does not, and the session ends
  boolean checkGrant() {
    follow();
    String name = session.grant().value();
    Authorizer.Standing standing = parts.authorizer().standing(grant);
    if (standing == Authorizer.Standing.WITHDRAWN) {
      endFor(EndReason.of(EndReason.Code.REVOKED, name), null);
      return true;
    }
    if (standing == Authorizer.Standing.OVER || until.isOver(System.nanoTime())) {
      endFor(EndReason.of(EndReason.Code.GRANT_ENDED, name), null);
      return true;
    }
    return false;
  }

  /// A grant's time and limits may change while its sessions live.
  private void follow() {
    Grant now = parts.directory().snapshot().grant(session.grant()).orElse(null);
    if (now == null) {
      return;
    }
    current = now;
    if (!Objects.equals(now.until(), until.at())) {
      until = Until.of(now, parts.clock().instant(), System.nanoTime());
    }
    Integer most = now.limits().sessions();
    if (!Objects.equals(most, sessionsLimit)) {
      sessionsLimit = most;
      if (most != null) {
        Thread.startVirtualThread(() -> checkPlace(most));
      }
    }
  }

  /// Ends the session if there would be no place for it under the changed limit; the oldest stay.
  private void checkPlace(int most) {
    try {
      if (places.isBeyond(session, most)) {
        endFor(limit(EndReason.Code.SESSIONS_LIMIT, most), null);
      }
    } catch (RuntimeException e) {
      LOG.error("the sessions beside {} cannot be counted; they will be again", id(), e);
      sessionsLimit = null; // differs from the grant's, so the next look asks again
    }
  }

  private static boolean isPast(long nanos, @Nullable Duration limit) {
    return limit != null && nanos >= saturatedNanos(limit);
  }

  /// A protocol that does not close its sides in time loses its record, and so cannot carry on.
  private void closeOverdue(long nowNanos) {
    boolean overdue;
    synchronized (lock) {
      overdue =
          notice != null && !ended && nowNanos - noticeNanos > parts.limits().endGrace().toNanos();
    }
    if (overdue) {
      LOG.error("session {} was not closed in time; its record is closed now", id());
      end(SessionState.TERMINATED, EndReason.of(EndReason.Code.NOT_CLOSED));
    }
  }

  @Override
  public void end(SessionState state, EndReason reason) {
    synchronized (lock) {
      if (ended) {
        return;
      }
      ended = true;
    }
    Thread.startVirtualThread(() -> finish(state, reason));
  }

  private void finish(SessionState state, EndReason reason) {
    closeChannels();
    Session.End end;
    synchronized (lock) {
      EndNotice told = notice;
      end =
          new Session.End(
              parts.clock().instant(),
              told == null ? state : told.state(),
              told == null ? reason : told.reason(),
              told == null ? null : told.by(),
              closedFromClient,
              closedToClient);
    }
    late.write(
        "the end of session " + id(),
        () -> {
          parts.ledger().append(endEvent(end));
          parts.sessions().end(id(), end);
        });
    gone.accept(this);
  }

  /// The end of a session is written after those of its channels, so that whoever sees it ended
  /// sees the whole record.
  private void closeChannels() {
    List<ChannelRecorder> left;
    synchronized (lock) {
      left = new ArrayList<>(closing);
      left.addAll(open.values());
    }
    CompletableFuture<?>[] ends =
        left.stream().map(r -> r.close(null, null)).toArray(CompletableFuture[]::new);
    try {
      CompletableFuture.allOf(ends)
          .get(parts.limits().writeTimeout().toMillis() * 3, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.error("not all channels of {} could be closed", id(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private AuditEvent endEvent(Session.End end) {
    Map<String, String> details = new TreeMap<>(end.reason().parameters());
    details.put("cause", end.reason().code().text());
    details.put("bytesFromClient", Long.toString(end.bytesFromClient()));
    details.put("bytesToClient", Long.toString(end.bytesToClient()));
    if (refusals.leftOut() > 0) {
      details.put("leftOut", Long.toString(refusals.leftOut()));
    }
    details.put("user", session.user().value());
    details.put("account", session.account().value());
    details.put(
        "seconds", Long.toString(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNanos)));
    String target = session.target().value();
    return switch (end.state()) {
      case TERMINATED -> {
        Name by = end.by();
        String actor = by == null ? AuditEvent.SYSTEM : by.value();
        yield systemEvent(AuditCode.SESSION_TERMINATED, actor, target, details);
      }
      case FAILED -> event(AuditCode.SESSION_FAILED, target, details, end.at());
      default -> event(AuditCode.SESSION_END, target, details, end.at());
    };
  }

  /// Whether it was the gateway that ended it.
  boolean endedByGateway() {
    synchronized (lock) {
      return notice != null;
    }
  }

  long bytesFromClient() {
    synchronized (lock) {
      return closedFromClient
          + open.values().stream().mapToLong(ChannelRecorder::bytesFromClient).sum();
    }
  }

  long bytesToClient() {
    synchronized (lock) {
      return closedToClient
          + open.values().stream().mapToLong(ChannelRecorder::bytesToClient).sum();
    }
  }

  /// How far the channels are that have no recording and moved since the last call.
  List<ChannelProgress> progress() {
    List<ChannelProgress> moved = new ArrayList<>(0);
    synchronized (lock) {
      for (ChannelRecorder recorder : open.values()) {
        SessionChannel channel = recorder.channel();
        long fromClient = recorder.bytesFromClient();
        long toClient = recorder.bytesToClient();
        if (Recorders.hasRecording(channel.kind())) {
          continue;
        }
        Long kept = keptBytes.put(channel.number(), fromClient + toClient);
        if (kept == null || kept != fromClient + toClient) {
          moved.add(
              new ChannelProgress(
                  id(), channel.number(), parts.clock().instant(), fromClient, toClient));
        }
      }
    }
    return moved;
  }

  /// What the recorders of this session's channels tell.
  private final class ChannelRecords implements RecorderListener {
    @Override
    public void fileOperations(List<FileOperation> operations) {
      List<CompletableFuture<Long>> told = new ArrayList<>(operations.size());
      for (FileOperation operation : operations) {
        told.add(parts.ledger().offer(fileEvent(operation)));
      }
      parts.sessions().addFileOperations(operations);
      told.forEach(LiveSession.this::await);
    }

    private AuditEvent fileEvent(FileOperation operation) {
      Map<String, String> details = new TreeMap<>();
      details.put("channel", Integer.toString(operation.channel()));
      details.put("operation", operation.kind());
      details.put("result", operation.result());
      putUnlessEmpty(details, "otherPath", operation.otherPath());
      putUnlessEmpty(details, "detail", operation.detail());
      if (operation.bytesRead() > 0) {
        details.put("bytesRead", Long.toString(operation.bytesRead()));
      }
      if (operation.bytesWritten() > 0) {
        details.put("bytesWritten", Long.toString(operation.bytesWritten()));
      }
      return event(AuditCode.FILE_OPERATION, operation.path(), details, operation.at());
    }

    private static void putUnlessEmpty(Map<String, String> details, String key, String value) {
      if (!value.isEmpty()) {
        details.put(key, value);
      }
    }

    @Override
    public void failed(SessionChannel channel, Exception failure) {
      recordLost(failure);
    }

    @Override
    public void closed(SessionChannel channel, SessionChannel.End end) {
      @Nullable ChannelRecorder recorder;
      synchronized (lock) {
        recorder = open.remove(channel.number());
        if (recorder != null) {
          closing.add(recorder);
        }
        keptBytes.remove(channel.number());
        closedFromClient += end.bytesFromClient();
        closedToClient += end.bytesToClient();
      }
      try {
        write(channel, end);
      } finally {
        synchronized (lock) {
          closing.remove(recorder);
        }
      }
    }

    private void write(SessionChannel channel, SessionChannel.End end) {
      AuditEvent event =
          event(AuditCode.CHANNEL_CLOSE, channel.subject(), closeDetails(channel, end), end.at());
      boolean written =
          late.write(
              "the end of channel " + id() + "-" + channel.number(),
              () -> {
                parts.sessions().closeChannel(id(), channel.number(), end);
                parts.ledger().append(event);
              });
      if (!written) {
        recordLost(new RecordUnavailableException("the end of a channel cannot be written"));
      }
    }

    private static Map<String, String> closeDetails(
        SessionChannel channel, SessionChannel.End end) {
      Map<String, String> details = channelDetails(channel);
      details.put("bytesFromClient", Long.toString(end.bytesFromClient()));
      details.put("bytesToClient", Long.toString(end.bytesToClient()));
      details.put("complete", Boolean.toString(end.complete()));
      details.put(
          "milliseconds", Long.toString(Duration.between(channel.openedAt(), end.at()).toMillis()));
      if (end.exitStatus() != null) {
        details.put("exitStatus", end.exitStatus().toString());
      }
      if (end.exitSignal() != null) {
        details.put("exitSignal", end.exitSignal());
      }
      if (end.sha256FromClient() != null) {
        details.put("sha256FromClient", end.sha256FromClient());
      }
      if (end.sha256ToClient() != null) {
        details.put("sha256ToClient", end.sha256ToClient());
      }
      return details;
    }
  }
}
