package org.ongsung.transcript;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.ongsung.model.FileOperation;
import org.ongsung.model.SessionChannel;
import org.ongsung.model.SessionId;
import org.ongsung.recording.RecordingId;
import org.ongsung.transcript.line.DroppedSession;
import org.ongsung.transcript.line.NumberedOperation;
import org.ongsung.transcript.line.PendingChannel;
import org.ongsung.transcript.line.SearchableLine;
import org.ongsung.transcript.line.TranscriptLine;
import org.ongsung.transcript.line.TranscriptStore;
import org.ongsung.transcript.line.TranscriptUnavailableException;

/// Channels and their lines in memory, as the database has them.
final class MemoryStore implements TranscriptStore {
  private final Map<RecordingId, SessionChannel> channels = new LinkedHashMap<>();
  private final Map<RecordingId, List<TranscriptLine>> lines = new LinkedHashMap<>();
  private final Map<RecordingId, Boolean> done = new LinkedHashMap<>();
  private final Map<RecordingId, Long> positions = new LinkedHashMap<>();
  private final List<FileOperation> operations = new ArrayList<>();
  private boolean failing;
  private volatile CountDownLatch mayAppend = new CountDownLatch(0);
  private volatile CountDownLatch appends = new CountDownLatch(1);
  private final Queue<Error> faults = new ConcurrentLinkedQueue<>();

  private static RecordingId id(SessionChannel channel) {
    return new RecordingId(channel.session(), channel.number());
  }

  synchronized void put(SessionChannel channel) {
    channels.put(id(channel), channel);
    lines.putIfAbsent(id(channel), new ArrayList<>());
  }

  synchronized void put(FileOperation operation) {
    operations.add(operation);
  }

  synchronized void fail(boolean now) {
    failing = now;
  }

  /// Lets nobody write until [#goOn]; zero once somebody tries.
  CountDownLatch hang() {
    mayAppend = new CountDownLatch(1);
    appends = new CountDownLatch(1);
    return appends;
  }

  void goOn() {
    mayAppend.countDown();
  }

  /// What the next one who writes is met with.
  void fail(Error once) {
    faults.add(once);
  }

  boolean hasFailed() {
    return faults.isEmpty();
  }

  synchronized boolean isDone(SessionChannel channel) {
    return done.getOrDefault(id(channel), false);
  }

  synchronized List<String> texts(SessionChannel channel) {
    return lines.get(id(channel)).stream().map(TranscriptLine::text).toList();
  }

  @Override
  public synchronized List<PendingChannel> pending(String node, boolean open, int limit) {
    return channels.entrySet().stream()
        .filter(entry -> (entry.getValue().end() == null) == open)
        .filter(entry -> !done.getOrDefault(entry.getKey(), false))
        .map(
            entry ->
                new PendingChannel(
                    entry.getValue(),
                    lines.get(entry.getKey()).size(),
                    positions.getOrDefault(entry.getKey(), 0L)))
        .limit(limit)
        .toList();
  }

  @Override
  public boolean append(
      SessionId session, int channel, List<TranscriptLine> some, long position, boolean last) {
    appends.countDown();
    try {
      mayAppend.await();
    } catch (InterruptedException e) {
      throw new TranscriptUnavailableException("interrupted", e);
    }
    Error fault = faults.poll();
    if (fault != null) {
      throw fault;
    }
    return appendNow(session, channel, some, position, last);
  }

  private synchronized boolean appendNow(
      SessionId session, int channel, List<TranscriptLine> some, long position, boolean last) {
    if (failing) {
      throw new TranscriptUnavailableException("away", new IllegalStateException());
    }
    RecordingId id = new RecordingId(session, channel);
    if (done.getOrDefault(id, false)) {
      return false;
    }
    for (TranscriptLine line : some) {
      if (line.number() != lines.get(id).size()) {
        throw new IllegalStateException("line " + line.number() + " comes twice or too early");
      }
      lines.get(id).add(line);
    }
    positions.put(id, position);
    done.put(id, last);
    return true;
  }

  @Override
  public synchronized List<NumberedOperation> fileOperations(
      SessionId session, int channel, long id, int limit) {
    List<NumberedOperation> found = new ArrayList<>();
    for (int i = (int) id; i < operations.size() && found.size() < limit; i++) {
      found.add(new NumberedOperation(i + 1, operations.get(i)));
    }
    return found;
  }

  @Override
  public synchronized List<TranscriptLine> lines(
      SessionId session, int channel, long number, int limit) {
    return List.copyOf(lines.get(new RecordingId(session, channel)));
  }

  @Override
  public void restart(SessionId session, int channel) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<SearchableLine> after(long sequence, int limit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long newest() {
    throw new UnsupportedOperationException();
  }

  @Override
  public long drop(SessionId session) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<DroppedSession> droppedAfter(long sequence, int limit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long newestDropped() {
    throw new UnsupportedOperationException();
  }
}
