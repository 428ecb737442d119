package org.ongsung.jobs;

/// What a probe found of a target's host key.
public enum HostKeyCheck {
  /// It is one that is pinned or was learned.
  MATCHES,
  /// It is another than those known.
  CHANGED,
  /// None is known to compare it with.
  UNKNOWN,
  /// The target showed none.
  NOT_SEEN
}
