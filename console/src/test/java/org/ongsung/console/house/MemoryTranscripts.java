package org.ongsung.console.house;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.Session;
import org.ongsung.model.SessionId;
import org.ongsung.transcript.index.Cursor;
import org.ongsung.transcript.index.FoundLines;
import org.ongsung.transcript.index.LineFinder;
import org.ongsung.transcript.index.LineQuery;
import org.ongsung.transcript.index.SearchBusyException;
import org.ongsung.transcript.line.Direction;
import org.ongsung.transcript.line.DroppedSession;
import org.ongsung.transcript.line.NumberedOperation;
import org.ongsung.transcript.line.PendingChannel;
import org.ongsung.transcript.line.SearchableLine;
import org.ongsung.transcript.line.TranscriptLine;
import org.ongsung.transcript.line.TranscriptStore;

/// Lines in memory, and a search that looks at every one.
final class MemoryTranscripts implements TranscriptStore, LineFinder {
  private final List<SearchableLine> all = new ArrayList<>();
  private volatile boolean busy;
  private volatile int lookAt = Integer.MAX_VALUE;

  void busy(boolean now) {
    busy = now;
  }

  void lookAt(int lines) {
    lookAt = lines;
  }

  void add(Session session, Direction direction, int second, String prompt, String text) {
    long number = all.stream().filter(line -> line.session().equals(session.id())).count();
    all.add(
        new SearchableLine(
            all.size() + 1,
            session.id(),
            0,
            ChannelKind.SHELL,
            session.user(),
            session.target(),
            new TranscriptLine(
                number, session.startedAt().plusSeconds(second), direction, prompt, text)));
  }

  @Override
  public FoundLines find(LineQuery query) throws SearchBusyException {
    if (busy) {
      throw new SearchBusyException("too many searches run");
    }
    List<SearchableLine> candidates =
        all.stream()
            .sorted(
                Comparator.comparing((SearchableLine line) -> line.line().at())
                    .thenComparingLong(SearchableLine::sequence)
                    .reversed())
            .filter(line -> isOlder(line, query.before()))
            .toList();
    List<SearchableLine> looked = candidates.subList(0, Math.min(candidates.size(), lookAt));
    List<SearchableLine> found = looked.stream().filter(line -> matches(query, line)).toList();
    if (found.size() > query.limit()) {
      List<SearchableLine> page = found.subList(0, query.limit());
      return new FoundLines(page, place(page.getLast()), false);
    }
    boolean partial = looked.size() < candidates.size();
    return new FoundLines(found, partial ? place(looked.getLast()) : null, partial);
  }

  private static Cursor place(SearchableLine line) {
    return new Cursor(line.line().at().toEpochMilli() * 1_000, line.sequence());
  }

  private static boolean isOlder(SearchableLine line, @Nullable Cursor before) {
    Cursor here = place(line);
    return before == null
        || here.micros() < before.micros()
        || (here.micros() == before.micros() && here.sequence() < before.sequence());
  }

  private static boolean matches(LineQuery query, SearchableLine line) {
    return query.pattern().matches(line.line().text())
        && (query.users() == null || query.users().contains(line.user()))
        && (query.targets() == null || query.targets().contains(line.target()))
        && (query.session() == null || query.session().equals(line.session()))
        && (query.kinds().isEmpty() || query.kinds().contains(line.kind()))
        && (query.directions().isEmpty() || query.directions().contains(line.line().direction()))
        && (query.since() == null || !line.line().at().isBefore(query.since()))
        && (query.until() == null || line.line().at().isBefore(query.until()));
  }

  @Override
  public List<TranscriptLine> lines(SessionId session, int channel, long number, int limit) {
    return all.stream()
        .filter(line -> line.session().equals(session) && line.channel() == channel)
        .map(SearchableLine::line)
        .filter(line -> line.number() >= number)
        .limit(limit)
        .toList();
  }

  @Override
  public List<PendingChannel> pending(String node, boolean open, int limit) {
    return List.of();
  }

  @Override
  public boolean append(
      SessionId session, int channel, List<TranscriptLine> lines, long position, boolean done) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void restart(SessionId session, int channel) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<NumberedOperation> fileOperations(
      SessionId session, int channel, long id, int limit) {
    return List.of();
  }

  @Override
  public List<SearchableLine> after(long sequence, int limit) {
    return List.of();
  }

  @Override
  public long newest() {
    return all.size();
  }

  @Override
  public long drop(SessionId session) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<DroppedSession> droppedAfter(long sequence, int limit) {
    return List.of();
  }

  @Override
  public long newestDropped() {
    return 0;
  }
}
