package org.ongsung.testkit;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;

/// How long tests wait before they call a thing broken: ten times what is usual, so that a slow
/// machine fails nothing.
public final class Deadlines {
  /// For what usually takes less than three seconds: a connection, a command, a page.
  public static final Duration ACTION = ofUsual(Duration.ofSeconds(3));

  /// For what usually takes less than twelve seconds: a server's start, a transfer.
  public static final Duration SERVICE = ofUsual(Duration.ofSeconds(12));

  private static final Duration POLL = Duration.ofMillis(10);

  private Deadlines() {}

  /// Something that comes true, or throws while it cannot.
  @FunctionalInterface
  public interface Condition {
    boolean holds() throws Exception;
  }

  /// The deadline for what usually takes `usual`.
  public static Duration ofUsual(Duration usual) {
    return usual.multipliedBy(10);
  }

  /// Waits until the condition holds.
  ///
  /// @param what is said when it never does: "the session is listed"
  /// @throws AssertionError after [#ACTION], or with the cause when the condition throws
  public static void await(String what, Condition condition) {
    await(what, ACTION, condition);
  }

  /// Waits until there is such a thing, and gives it.
  ///
  /// @param what is said when there never is: "a session that has ended"
  /// @throws AssertionError after [#ACTION], or with the cause when the source throws
  public static <T> T awaitPresent(String what, Callable<Optional<T>> source) {
    AtomicReference<T> found = new AtomicReference<>();
    await(
        what,
        () -> {
          source.call().ifPresent(found::set);
          return found.get() != null;
        });
    return found.get();
  }

  /// Waits until the condition holds, at most `deadline`.
  public static void await(String what, Duration deadline, Condition condition) {
    long end = System.nanoTime() + deadline.toNanos();
    try {
      while (!condition.holds()) {
        if (System.nanoTime() - end > 0) {
          throw new AssertionError("after " + deadline.toSeconds() + " s still not so: " + what);
        }
        Thread.sleep(POLL);
      }
    } catch (AssertionError e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError("while waiting until " + what, e);
    }
  }
}
