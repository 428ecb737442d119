package org.ongsung.console.house;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.SessionId;
import org.ongsung.recording.Retention;
import org.ongsung.recording.RetentionStore;

/// Holds and purges in memory; nothing is ever due.
public final class MemoryRetentionStore implements RetentionStore {
  private final Map<SessionId, Retention> known = new TreeMap<>();
  private final MemorySessionStore sessions;

  MemoryRetentionStore(MemorySessionStore sessions) {
    this.sessions = sessions;
  }

  @Override
  public synchronized Retention of(SessionId session) {
    return known.getOrDefault(session, Retention.NONE);
  }

  @Override
  public synchronized boolean hold(SessionId session, Retention.Hold hold) {
    boolean free = sessions.find(session).isPresent() && of(session).equals(Retention.NONE);
    if (free) {
      known.put(session, new Retention(hold, null));
    }
    return free;
  }

  @Override
  public synchronized boolean release(SessionId session) {
    return of(session).hold() != null && known.remove(session) != null;
  }

  @Override
  public List<Due> due(String node, Instant endedBefore, @Nullable SessionId after, int limit) {
    return List.of();
  }

  @Override
  public long heldOf(String node, Instant endedBefore) {
    return 0;
  }

  @Override
  public synchronized boolean beginPurge(SessionId session, Instant at) {
    if (of(session).hold() != null) {
      return false;
    }
    known.put(session, new Retention(null, new Retention.Purge(at, 0, 0)));
    return true;
  }

  @Override
  public synchronized void endPurge(SessionId session, int recordings, long bytes) {
    Retention.Purge begun = of(session).purge();
    if (begun != null) {
      known.put(session, new Retention(null, new Retention.Purge(begun.at(), recordings, bytes)));
    }
  }
}
