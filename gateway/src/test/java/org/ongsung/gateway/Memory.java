package org.ongsung.gateway;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.ongsung.audit.LedgerEntry;
import org.ongsung.audit.LedgerQuery;
import org.ongsung.audit.LedgerStore;
import org.ongsung.audit.LedgerUnavailableException;
import org.ongsung.directory.Actor;
import org.ongsung.directory.Directory;
import org.ongsung.directory.DirectoryChange;
import org.ongsung.directory.DirectorySnapshot;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.FileOperation;
import org.ongsung.model.Name;
import org.ongsung.model.Session;
import org.ongsung.model.SessionChannel;
import org.ongsung.model.SessionId;
import org.ongsung.model.SessionState;
import org.ongsung.recording.ChannelProgress;
import org.ongsung.recording.RecordUnavailableException;
import org.ongsung.recording.RecordingId;
import org.ongsung.recording.RecordingStore;
import org.ongsung.recording.SessionQuery;
import org.ongsung.recording.SessionStore;
import org.ongsung.recording.TargetUse;

/// The ports of the gateway in memory, each of which can be told to fail.
final class Memory {
  private Memory() {}

  static final class LedgerEvents implements LedgerStore {
    private final List<AuditEvent> events = new ArrayList<>();
    volatile boolean failing;
    private final Semaphore hanging = new Semaphore(1);

    /// Lets nobody append until [#goOn], as a disk that stands still does.
    void hang() {
      hanging.acquireUninterruptibly();
    }

    void goOn() {
      hanging.release();
    }

    @Override
    public long append(List<AuditEvent> more) {
      hanging.acquireUninterruptibly();
      try {
        return appendNow(more);
      } finally {
        hanging.release();
      }
    }

    private synchronized long appendNow(List<AuditEvent> more) {
      if (failing) {
        throw new LedgerUnavailableException("the ledger's disk is gone");
      }
      long first = events.size() + 1L;
      events.addAll(more);
      return first;
    }

    @Override
    public List<LedgerEntry> find(LedgerQuery query) {
      throw new UnsupportedOperationException();
    }

    synchronized List<AuditEvent> of(AuditCode code) {
      return events.stream().filter(event -> event.code() == code).toList();
    }

    synchronized List<AuditCode> codes() {
      return events.stream().map(AuditEvent::code).toList();
    }
  }

  static final class People implements Directory {
    private final List<Consumer<DirectorySnapshot>> listeners = new CopyOnWriteArrayList<>();
    private volatile DirectorySnapshot snapshot = DirectorySnapshot.empty();
    volatile boolean failing;
    volatile boolean silent;
    volatile @Nullable Error fault;

    @Override
    public DirectorySnapshot snapshot() {
      Error met = fault;
      if (met != null) {
        throw met;
      }
      return snapshot;
    }

    @Override
    public synchronized DirectorySnapshot change(
        Actor actor, Function<DirectorySnapshot, DirectoryChange> decide) {
      if (failing) {
        throw new IllegalStateException("the directory's disk is gone");
      }
      snapshot = snapshot.after(decide.apply(snapshot), snapshot.version() + 1);
      if (!silent) {
        listeners.forEach(listener -> listener.accept(snapshot));
      }
      return snapshot;
    }

    void change(Consumer<DirectoryChange.Builder> what) {
      DirectoryChange.Builder change = new DirectoryChange.Builder();
      what.accept(change);
      change(Actor.SYSTEM, _ -> change.build());
    }

    @Override
    public void onChange(Consumer<DirectorySnapshot> listener) {
      listeners.add(listener);
    }
  }

  static final class Sessions implements SessionStore {
    private final Map<SessionId, Session> sessions = new TreeMap<>();
    private final Map<SessionId, List<SessionChannel>> channels = new TreeMap<>();
    private final List<FileOperation> operations = new ArrayList<>();
    private final Map<Integer, ChannelProgress> progress = new TreeMap<>();
    volatile boolean failing;
    volatile CountDownLatch channelsMayOpen = new CountDownLatch(0);
    final CountDownLatch aChannelOpens = new CountDownLatch(1);
    volatile CountDownLatch channelsMayClose = new CountDownLatch(0);
    final CountDownLatch aChannelCloses = new CountDownLatch(1);

    /// What the ends of sessions are met with, each once.
    final Queue<Error> faults = new ConcurrentLinkedQueue<>();

    private void check() {
      if (failing) {
        throw new RecordUnavailableException("the database is gone");
      }
    }

    @Override
    public synchronized void start(Session session) {
      check();
      sessions.put(session.id(), session);
      channels.put(session.id(), new ArrayList<>());
    }

    @Override
    public synchronized boolean end(SessionId id, Session.End end) {
      check();
      Error fault = faults.poll();
      if (fault != null) {
        throw fault;
      }
      Session session = sessions.get(id);
      if (session == null || session.end() != null) {
        return false;
      }
      sessions.put(id, session.ended(end));
      return true;
    }

    @Override
    public void openChannel(SessionChannel channel) {
      aChannelOpens.countDown();
      await(channelsMayOpen);
      openNow(channel);
    }

    private synchronized void openNow(SessionChannel channel) {
      check();
      channels.get(channel.session()).add(channel);
    }

    @Override
    public void closeChannel(SessionId session, int number, SessionChannel.End end) {
      aChannelCloses.countDown();
      await(channelsMayClose);
      closeNow(session, number, end);
    }

    private static void await(CountDownLatch allowed) {
      try {
        allowed.await();
      } catch (InterruptedException e) {
        throw new RecordUnavailableException("interrupted", e);
      }
    }

    private synchronized void closeNow(SessionId session, int number, SessionChannel.End end) {
      check();
      channels
          .get(session)
          .replaceAll(
              channel ->
                  channel.number() == number && channel.end() == null
                      ? channel.ended(end)
                      : channel);
    }

    @Override
    public synchronized void keepProgress(List<ChannelProgress> kept) {
      check();
      kept.forEach(channel -> progress.put(channel.number(), channel));
    }

    @Override
    public synchronized List<TargetUse> uses(Name user, int sessions) {
      Map<String, TargetUse> uses = new LinkedHashMap<>();
      this.sessions.values().stream()
          .filter(session -> session.user().equals(user))
          .sorted((a, b) -> b.id().compareTo(a.id()))
          .limit(sessions)
          .filter(session -> session.state() != SessionState.FAILED)
          .forEach(
              session ->
                  uses.merge(
                      session.target() + "/" + session.account(),
                      new TargetUse(session.target(), session.account(), 1, session.startedAt()),
                      (newer, older) ->
                          new TargetUse(
                              newer.target(),
                              newer.account(),
                              newer.sessions() + 1,
                              newer.last())));
      return List.copyOf(uses.values());
    }

    @Override
    public synchronized List<ChannelProgress> progress(SessionId session) {
      return List.copyOf(progress.values());
    }

    @Override
    public synchronized void addFileOperations(List<FileOperation> more) {
      check();
      operations.addAll(more);
    }

    @Override
    public synchronized Optional<Session> find(SessionId id) {
      return Optional.ofNullable(sessions.get(id));
    }

    @Override
    public synchronized List<Session> find(SessionQuery query) {
      check();
      return sessions.values().stream()
          .filter(session -> query.states().isEmpty() || query.states().contains(session.state()))
          .filter(session -> query.user() == null || query.user().equals(session.user()))
          .toList();
    }

    @Override
    public synchronized List<SessionChannel> channels(SessionId session) {
      return List.copyOf(channels.get(session));
    }

    @Override
    public synchronized List<SessionChannel> channels(SessionId session, int from, int limit) {
      return channels(session).stream().skip(from).limit(limit).toList();
    }

    @Override
    public synchronized List<FileOperation> fileOperations(
        SessionId session, long offset, int limit) {
      return List.copyOf(operations);
    }

    @Override
    public synchronized List<Session> openOn(String node) {
      return sessions.values().stream()
          .filter(session -> session.end() == null && session.node().equals(node))
          .toList();
    }

    synchronized List<Session> all() {
      return List.copyOf(sessions.values());
    }
  }

  static final class Reserve implements StorageReserve {
    volatile long missingBytes;
    volatile boolean tended;

    @Override
    public void tend() {
      tended = true;
    }

    @Override
    public long missingBytes() {
      return missingBytes;
    }
  }

  static final class Tapes implements RecordingStore {
    private final Map<RecordingId, ByteArrayOutputStream> tapes = new ConcurrentHashMap<>();
    volatile long usableBytes = 1L << 40;
    volatile boolean failCreate;
    volatile boolean failWrite;
    volatile boolean failClose;

    private static void failIf(boolean fails) throws IOException {
      if (fails) {
        throw new IOException("No space left on device");
      }
    }

    @Override
    public Sink create(RecordingId id) throws IOException {
      failIf(failCreate);
      ByteArrayOutputStream tape = new ByteArrayOutputStream();
      tapes.put(id, tape);
      return new Sink() {
        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          failIf(failWrite);
          tape.write(bytes, offset, length);
        }

        @Override
        public void flush() {}

        @Override
        public void close() throws IOException {
          failIf(failClose);
        }
      };
    }

    @Override
    public InputStream open(RecordingId id) throws IOException {
      ByteArrayOutputStream tape = tapes.get(id);
      if (tape == null) {
        throw new NoSuchFileException(id.toString());
      }
      return new ByteArrayInputStream(tape.toByteArray());
    }

    @Override
    public long delete(RecordingId id) {
      ByteArrayOutputStream tape = tapes.remove(id);
      return tape == null ? -1 : tape.size();
    }

    @Override
    public long usableBytes() {
      return usableBytes;
    }
  }
}
