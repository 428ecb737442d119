package org.ongsung.store;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Waits for other threads of the store, never for ever.
final class Await {
  private Await() {}

  /// What `answer` gives, or what it failed with as if thrown here.
  ///
  /// @param giveUp called when it took too long
  static <T> T answer(Future<T> answer, Duration limit, Runnable giveUp) {
    try {
      return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw StoreFailure.of(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      giveUp.run();
      throw new StoreFailure(StoreFailure.Kind.UNREACHABLE, e);
    } catch (InterruptedException e) {
      giveUp.run();
      Thread.currentThread().interrupt();
      throw new StoreFailure(StoreFailure.Kind.UNREACHABLE, e);
    }
  }

  /// Waits for the end of `thread`, at most `limit`.
  static void end(Thread thread, Duration limit) {
    try {
      thread.join(limit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
