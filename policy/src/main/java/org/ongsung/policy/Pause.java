package org.ongsung.policy;

import java.time.Duration;

/// Lets an attempt wait; tests put another in its place.
@FunctionalInterface
interface Pause {
  /// Sleeps.
  Pause SLEEP = Thread::sleep;

  void of(Duration length) throws InterruptedException;
}
