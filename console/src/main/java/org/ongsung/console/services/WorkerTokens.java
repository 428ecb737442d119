package org.ongsung.console.services;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.model.ConnectionGuard;
import org.ongsung.model.GuardedLock;
import org.ongsung.policy.AccessToken;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which tokens are those of workers, in memory: so that a request of a worker finds the workers'
/// door before anything is done for it, also its very first one.
///
/// A token that is not known is looked for among those stored. However many ask about such tokens,
/// the store is read once in [#EVERY] and once at a time, for all who ask by then: nobody can use
/// that up for others. So many wait for it at once, and the next is told to come back; a worker's
/// token is known by then, for the reading is made on account of those who are sent away, too.
///
/// This lets nobody in; it says at which door they knock.
public final class WorkerTokens {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerTokens.class);

  /// How often the store is read at most.
  static final Duration EVERY = Duration.ofSeconds(1);

  /// How many with unknown tokens wait at once, inclusive: so many workers may come for the first
  /// time together, and strangers take no more of the memory.
  public static final int MOST_WAITING = 256;

  private static final Duration LONGEST = Duration.ofSeconds(3);
  private static final Duration RETRY = Duration.ofSeconds(2);

  private final Supplier<List<AccessToken>> stored;
  private final LongSupplier nanoTime;
  private final int mostWaiting;
  private final Semaphore places;
  private final GuardedLock turn = new GuardedLock();
  private volatile Set<String> known = Set.of();

  // Guarded by this.
  private @Nullable CompletableFuture<Set<String>> next;
  private long lastNanos;

  /// @param stored the tokens of workers; blocks
  /// @param mostWaiting how many wait for it at once, inclusive
  /// @param nanoTime as [System#nanoTime]
  public WorkerTokens(Supplier<List<AccessToken>> stored, int mostWaiting, LongSupplier nanoTime) {
    this.stored = stored;
    this.mostWaiting = mostWaiting;
    this.places = new Semaphore(mostWaiting);
    this.nanoTime = nanoTime;
    this.lastNanos = nanoTime.getAsLong() - EVERY.toNanos();
  }

  /// Whether a token is a worker's. Blocks for a moment when it is not known.
  ///
  /// @param sha256 of the token, lower-case hex
  /// @throws HttpProblem 503 with `Retry-After` when too many wait to hear that
  public boolean isWorkers(String sha256) {
    if (known.contains(sha256)) {
      return true;
    }
    ConnectionGuard.assertNoneHeld("the tokens of workers");
    CompletableFuture<Set<String>> reading = reading();
    if (!places.tryAcquire()) {
      throw HttpProblem.busy(
          503, "door-full", "too many unknown tokens at this moment; try again shortly", RETRY);
    }
    try {
      return reading.get(LONGEST.toMillis(), TimeUnit.MILLISECONDS).contains(sha256);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("the tokens of workers could not be read: {}", e.toString());
      return false;
    } finally {
      places.release();
    }
  }

  /// How many wait now.
  int waiting() {
    return mostWaiting - places.availablePermits();
  }

  /// The next reading that has not begun.
  private synchronized CompletableFuture<Set<String>> reading() {
    CompletableFuture<Set<String>> waiting = next;
    if (waiting == null) {
      CompletableFuture<Set<String>> made = new CompletableFuture<>();
      long pause = Math.max(0, EVERY.toNanos() - (nanoTime.getAsLong() - lastNanos));
      Thread.ofVirtual().name("worker-tokens").start(() -> read(made, pause));
      next = made;
      return made;
    }
    return waiting;
  }

  private void read(CompletableFuture<Set<String>> reading, long pauseNanos) {
    try {
      Thread.sleep(Duration.ofNanos(pauseNanos));
    } catch (InterruptedException e) {
      // nobody interrupts it, and then there is only less of a pause
    }
    turn.lock(); // a store that does not answer is asked no second time
    try {
      synchronized (this) {
        next = null; // who asks from here on may mean a token that is newer than what is read
        lastNanos = nanoTime.getAsLong();
      }
      known = stored.get().stream().map(AccessToken::sha256).collect(Collectors.toSet());
      reading.complete(known);
    } catch (RuntimeException | Error e) {
      reading.completeExceptionally(e);
    } finally {
      turn.unlock();
    }
  }
}
