package org.ongsung.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import org.junit.jupiter.api.Test;

@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"}) // what is tested is the lock itself
class GuardedLockTest {
  private final GuardedLock lock = new GuardedLock();

  /// What this thread takes and gives back by `taken`.
  private void isSeenUntilItIsGivenBack(Callable<Boolean> taken) throws Exception {
    assertThat(taken.call()).isTrue();
    assertIsSeen();
    lock.unlock();
    assertNothingIsSeen();
  }

  private static void assertIsSeen() {
    assertThatThrownBy(() -> GuardedLock.assertNoneHeld("an answer"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("an answer");
  }

  private static void assertNothingIsSeen() {
    assertThatCode(() -> GuardedLock.assertNoneHeld("an answer")).doesNotThrowAnyException();
  }

  @Test
  void aHeldLockIsSeenHoweverItWasTaken() throws Exception {
    assertNothingIsSeen();
    isSeenUntilItIsGivenBack(
        () -> {
          lock.lock();
          return true;
        });
    isSeenUntilItIsGivenBack(
        () -> {
          lock.lockInterruptibly();
          return true;
        });
    isSeenUntilItIsGivenBack(lock::tryLock);
    isSeenUntilItIsGivenBack(() -> lock.tryLock(1, TimeUnit.SECONDS));
  }

  @Test
  void oneThatWasTakenTwiceIsSeenUntilItIsGivenBackTwiceAndAnotherBesideIt() {
    GuardedLock other = new GuardedLock();
    lock.lock();
    lock.lock();
    other.lock();
    lock.unlock();
    lock.unlock();
    assertIsSeen();
    other.unlock();
    assertNothingIsSeen();
    assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);
    assertNothingIsSeen();
  }

  @Test
  void whatAnotherThreadHoldsOrWasNotGivenIsNotSeen() throws Exception {
    lock.lock();
    FutureTask<Boolean> other =
        new FutureTask<>(
            () -> {
              assertThat(lock.tryLock()).isFalse();
              assertThat(lock.tryLock(1, TimeUnit.MILLISECONDS)).isFalse();
              assertNothingIsSeen();
              return true;
            });
    Thread.ofVirtual().start(other);
    assertThat(other.get(60, TimeUnit.SECONDS)).isTrue();
    lock.unlock();
  }

  @Test
  void aLockIsSeenAfterAWaitAtItsConditionToo() throws Exception {
    Condition condition = lock.newCondition();
    lock.lock();
    boolean _ = condition.await(1, TimeUnit.MILLISECONDS);
    assertIsSeen();
    lock.unlock();
    assertNothingIsSeen();
  }
}
