package org.ongsung.jobs;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import org.ongsung.model.GuardedLock;

/// Wakes the workers of this process that wait for jobs. Holds its lock for no longer than a count
/// takes.
final class JobBell {
  private final GuardedLock lock = new GuardedLock();
  private final Condition rung = lock.newCondition();
  private long rings;

  /// How often it has rung.
  long rings() {
    lock.lock();
    try {
      return rings;
    } finally {
      lock.unlock();
    }
  }

  void ring() {
    lock.lock();
    try {
      rings++;
      rung.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits until it has rung since there were `seen` rings, at most so long.
  void await(long seen, Duration longest) throws InterruptedException {
    long left = longest.toNanos();
    lock.lockInterruptibly();
    try {
      while (rings == seen && left > 0) {
        left = rung.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
