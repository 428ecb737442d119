package org.ongsung.model;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// A lock that a thread is caught with where it makes a request of the system to itself: others who
/// need the lock, that request among them, would stand still until it is answered.
///
/// What runs in the rooms that requests pass through takes locks of this kind alone;
/// [#assertNoneHeld] sees all that this thread holds. A thread that waits at a condition has given
/// its lock back and makes no request meanwhile, so conditions need no counting. Works only where
/// assertions are on, as they are in tests; else it costs nothing.
public final class GuardedLock extends ReentrantLock {
  private static final long serialVersionUID = 1;
  private static final boolean ON = GuardedLock.class.desiredAssertionStatus();
  private static final ThreadLocal<Integer> HELD = new ThreadLocal<>();

  /// Fails when this thread holds any lock of this kind.
  ///
  /// @param wait what is about to be waited for, such as `a nested request`
  public static void assertNoneHeld(String wait) {
    if (ON && HELD.get() != null) {
      throw new AssertionError("a lock is held while " + wait + " is awaited");
    }
  }

  @Override
  public void lock() {
    super.lock();
    count(1);
  }

  @Override
  public void lockInterruptibly() throws InterruptedException {
    super.lockInterruptibly();
    count(1);
  }

  @Override
  public boolean tryLock() {
    return counted(super.tryLock());
  }

  @Override
  public boolean tryLock(long timeout, TimeUnit unit) throws InterruptedException {
    return counted(super.tryLock(timeout, unit));
  }

  @Override
  public void unlock() {
    super.unlock();
    count(-1);
  }

  private static boolean counted(boolean taken) {
    if (taken) {
      count(1);
    }
    return taken;
  }

  private static void count(int more) {
    if (ON) {
      Integer before = HELD.get();
      int now = (before == null ? 0 : before) + more;
      if (now == 0) {
        HELD.remove();
      } else {
        HELD.set(now);
      }
    }
  }
}
