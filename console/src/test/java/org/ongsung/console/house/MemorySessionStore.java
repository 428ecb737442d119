package org.ongsung.console.house;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.FileOperation;
import org.ongsung.model.Name;
import org.ongsung.model.Session;
import org.ongsung.model.SessionChannel;
import org.ongsung.model.SessionId;
import org.ongsung.model.SessionState;
import org.ongsung.recording.ChannelProgress;
import org.ongsung.recording.SessionQuery;
import org.ongsung.recording.SessionStore;
import org.ongsung.recording.TargetUse;

/// Sessions in memory.
public final class MemorySessionStore implements SessionStore {
  private final List<Session> sessions = new ArrayList<>();
  private final List<SessionChannel> channels = new ArrayList<>();
  private final List<FileOperation> files = new ArrayList<>();
  private final Map<Integer, ChannelProgress> progress = new TreeMap<>();

  private volatile @Nullable RuntimeException failing;

  /// Says what lists fail with from now on; `null` for nothing.
  public void failWith(@Nullable RuntimeException failure) {
    failing = failure;
  }

  @Override
  public synchronized void start(Session session) {
    sessions.add(session);
  }

  @Override
  public synchronized boolean end(SessionId id, Session.End end) {
    boolean live = find(id).filter(session -> session.end() == null).isPresent();
    if (live) {
      sessions.replaceAll(session -> session.id().equals(id) ? session.ended(end) : session);
    }
    return live;
  }

  @Override
  public synchronized void openChannel(SessionChannel channel) {
    channels.add(channel);
  }

  @Override
  public synchronized void closeChannel(SessionId session, int number, SessionChannel.End end) {
    channels.replaceAll(
        channel ->
            channel.session().equals(session) && channel.number() == number
                ? channel.ended(end)
                : channel);
  }

  @Override
  public synchronized void keepProgress(List<ChannelProgress> kept) {

    kept.forEach(channel -> progress.put(channel.number(), channel));
  }

  @Override
  public synchronized List<ChannelProgress> progress(SessionId session) {
    return List.copyOf(progress.values());
  }

  @Override
  public synchronized void addFileOperations(List<FileOperation> operations) {
    files.addAll(operations);
  }

  @Override
  public synchronized Optional<Session> find(SessionId id) {
    return sessions.stream().filter(session -> session.id().equals(id)).findFirst();
  }

  @Override
  public synchronized List<Session> find(SessionQuery query) {
    RuntimeException failure = failing;
    if (failure != null) {
      throw failure;
    }
    return sessions.stream()
        .filter(session -> matches(query, session))
        .sorted((a, b) -> b.id().compareTo(a.id()))
        .limit(query.limit())
        .toList();
  }

  @Override
  public synchronized List<TargetUse> uses(Name user, int sessions) {
    Map<String, TargetUse> uses = new LinkedHashMap<>();
    this.sessions.stream()
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
                            newer.target(), newer.account(), newer.sessions() + 1, newer.last())));
    return List.copyOf(uses.values());
  }

  private boolean matches(SessionQuery query, Session session) {
    List<SessionChannel> own = channels(session.id());
    return (query.user() == null || query.user().equals(session.user()))
        && (query.target() == null || query.target().equals(session.target()))
        && (query.states().isEmpty() || query.states().contains(session.state()))
        && (query.kinds().isEmpty()
            || own.stream().anyMatch(channel -> query.kinds().contains(channel.kind())))
        && (query.since() == null || !session.startedAt().isBefore(query.since()))
        && (query.until() == null || session.startedAt().isBefore(query.until()))
        && (query.before() == null || session.id().compareTo(query.before()) < 0)
        && (query.text() == null || holds(session, own, query.text().toLowerCase(Locale.ROOT)));
  }

  private static boolean holds(Session session, List<SessionChannel> own, String text) {
    StringBuilder all = new StringBuilder();
    all.append(session.user()).append(' ').append(session.target()).append(' ');
    all.append(session.account()).append(' ').append(session.source());
    own.forEach(channel -> all.append(' ').append(channel.subject()));
    return all.toString().toLowerCase(Locale.ROOT).contains(text);
  }

  @Override
  public synchronized List<SessionChannel> channels(SessionId session) {
    return channels.stream().filter(channel -> channel.session().equals(session)).toList();
  }

  @Override
  public synchronized List<SessionChannel> channels(SessionId session, int from, int limit) {
    return channels(session).stream()
        .filter(channel -> channel.number() >= from)
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized List<FileOperation> fileOperations(
      SessionId session, long offset, int limit) {
    return files.stream()
        .filter(file -> file.session().equals(session))
        .skip(offset)
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized List<Session> openOn(String node) {
    return sessions.stream()
        .filter(session -> session.end() == null && session.node().equals(node))
        .toList();
  }
}
