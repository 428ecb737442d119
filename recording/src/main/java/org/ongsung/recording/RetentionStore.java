package org.ongsung.recording;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.Name;
import org.ongsung.model.SessionId;

/// Which sessions' recordings are held, and which are gone by policy.
///
/// Every method blocks. Writes are durable on return; all throw [RecordUnavailableException] when
/// the store cannot be reached. A hold and a purge exclude each other, however close they come.
public interface RetentionStore {
  /// How it stands with a session; [Retention#NONE] for one that there is not.
  Retention of(SessionId session);

  /// Holds a session, live or ended.
  ///
  /// @return false when it is held already, its recordings are gone, or there is no such session
  boolean hold(SessionId session, Retention.Hold hold);

  /// Lifts a hold.
  ///
  /// @return whether there was one
  boolean release(SessionId session);

  /// A session whose recordings may be due.
  record Due(SessionId session, Name target, Instant endedAt) {}

  /// Sessions that `node` carried, that ended before `endedBefore` and are not held, and whose
  /// recordings are not all gone; by id.
  ///
  /// @param after only larger ids: where the page before ended; null for the first page
  List<Due> due(String node, Instant endedBefore, @Nullable SessionId after, int limit);

  /// How many sessions of `node` that ended before `endedBefore` are held.
  long heldOf(String node, Instant endedBefore);

  /// Decides that a session's recordings go; from then on it cannot be held any more.
  ///
  /// @return false when it is held or live
  boolean beginPurge(SessionId session, Instant at);

  /// Says that they are gone.
  void endPurge(SessionId session, int recordings, long bytes);
}
