package org.ongsung.gateway;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.Name;
import org.ongsung.model.Session;
import org.ongsung.model.SessionId;
import org.ongsung.model.SessionState;
import org.ongsung.recording.SessionQuery;
import org.ongsung.recording.SessionStore;

/// The places for sessions: how many the gateway carries, and how many of one person under one
/// grant are live here and on other nodes.
final class SessionPlaces {
  /// What became of asking for a place.
  enum Outcome {
    TAKEN,
    GATEWAY_FULL,
    GRANT_FULL
  }

  /// What `limits.sessions` of a grant counts.
  private record GrantUse(Name user, Name grant) {
    static GrantUse of(Session session) {
      return new GrantUse(session.user(), session.grant());
    }
  }

  private final SessionStore store;
  private final String node;
  private final int most;
  // Guarded by itself.
  private final Map<GrantUse, Integer> uses = new HashMap<>();
  private int taken;

  SessionPlaces(SessionStore store, String node, int most) {
    this.store = store;
    this.node = node;
    this.most = most;
  }

  /// Counts `session` in, unless there is no place for it.
  ///
  /// @param grantMost `limits.sessions` of its grant, or null
  /// @param elsewhere what [#elsewhere] said
  Outcome take(Session session, @Nullable Integer grantMost, int elsewhere) {
    GrantUse use = GrantUse.of(session);
    synchronized (uses) {
      if (taken >= most) {
        return Outcome.GATEWAY_FULL;
      }
      int now = uses.getOrDefault(use, 0);
      if (grantMost != null && now + elsewhere >= grantMost) {
        return Outcome.GRANT_FULL;
      }
      uses.put(use, now + 1);
      taken++;
      return Outcome.TAKEN;
    }
  }

  /// Gives the place of `session` back.
  void release(Session session) {
    synchronized (uses) {
      uses.computeIfPresent(GrantUse.of(session), (use, n) -> n == 1 ? null : n - 1);
      taken--;
    }
  }

  /// How many sessions of the same person and grant other nodes carry. Blocks.
  int elsewhere(Session session) {
    return (int)
        live(session).stream()
            .filter(other -> !other.node().equals(node))
            .filter(other -> other.grant().equals(session.grant()))
            .count();
  }

  /// Whether as many sessions of the same person and grant are older than `session` as the grant
  /// now allows in all, so that it would not have been let in. Blocks.
  boolean isBeyond(Session session, int grantMost) {
    List<SessionId> oldestFirst =
        live(session).stream()
            .filter(other -> other.grant().equals(session.grant()))
            .sorted(Comparator.comparing(Session::startedAt).thenComparing(Session::id))
            .map(Session::id)
            .toList();
    return oldestFirst.indexOf(session.id()) >= grantMost;
  }

  private List<Session> live(Session session) {
    return store.find(
        new SessionQuery(
            session.user(),
            null,
            Set.of(SessionState.LIVE),
            Set.of(),
            null,
            null,
            null,
            null,
            SessionQuery.MAX_LIMIT));
  }
}
