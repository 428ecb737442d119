package org.ongsung.gateway;

import java.util.LinkedHashMap;
import java.util.Map;
import org.ongsung.model.Name;

/// Bounds how much of the ledger the denials of one person take, whatever way they ask: see
/// [Refusals]. Safe for any thread; never waits.
final class Denials {
  /// How many people are remembered; who was denied least recently goes first.
  static final int REMEMBERED_MAX = 1_024;

  private final Map<Name, Refusals> people =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Name, Refusals> eldest) {
          return size() > REMEMBERED_MAX;
        }
      };

  /// Counts a denial.
  ///
  /// @return as [Refusals#next] does, of this person's
  synchronized long next(Name user, long nowNanos) {
    return people.computeIfAbsent(user, _ -> new Refusals()).next(nowNanos);
  }

  /// How many people are remembered.
  synchronized int remembered() {
    return people.size();
  }
}
