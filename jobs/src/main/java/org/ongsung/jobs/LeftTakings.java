package org.ongsung.jobs;

import java.util.LinkedHashSet;
import java.util.SequencedSet;

/// The tokens of takings that their workers have left, the newest so many. A token is good for one
/// taking, so what is remembered here hinders none that comes later; what is forgotten costs a
/// lease.
///
/// For any thread.
final class LeftTakings {
  private final int most;
  private final SequencedSet<String> tokens = new LinkedHashSet<>();

  /// @param most tokens that are remembered, inclusive
  LeftTakings(int most) {
    this.most = most;
  }

  synchronized void add(String token) {
    if (tokens.add(token) && tokens.size() > most) {
      String _ = tokens.removeFirst();
    }
  }

  synchronized boolean contains(String token) {
    return tokens.contains(token);
  }
}
