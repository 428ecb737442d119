package org.ongsung.jobs;

/// What a worker hears of its lease.
public enum LeaseAnswer {
  /// It holds; go on.
  HOLDS,
  /// It holds, and the work is to stop: somebody cancelled it or its time is over. Say so by
  /// failing.
  STOP,
  /// It is somebody else's or nobody's: stop, and say nothing more of it.
  LOST
}
