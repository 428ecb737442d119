package org.ongsung.console.services;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.ConnectionGuard;
import org.ongsung.policy.AccessToken;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which tokens are those of workers, in memory: so that a request of a worker finds the workers'
/// door before anything is done for it, also its very first one.
///
/// A token that is not known is looked for among those stored. However many ask about such tokens,
/// the store is read once in [#EVERY], for all who ask by then: nobody can use that up for others.
///
/// This lets nobody in; it says at which door they knock.
public final class WorkerTokens {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerTokens.class);

  /// How often the store is read at most.
  static final Duration EVERY = Duration.ofSeconds(1);

  private static final Duration LONGEST = Duration.ofSeconds(3);

  private final Supplier<List<AccessToken>> stored;
  private final LongSupplier nanoTime;
  private volatile Set<String> known = Set.of();

  // Guarded by this.
  private @Nullable CompletableFuture<Set<String>> next;
  private long lastNanos;

  /// @param stored the tokens of workers; blocks
  /// @param nanoTime as [System#nanoTime]
  public WorkerTokens(Supplier<List<AccessToken>> stored, LongSupplier nanoTime) {
    this.stored = stored;
    this.nanoTime = nanoTime;
    this.lastNanos = nanoTime.getAsLong() - EVERY.toNanos();
  }

  /// Whether a token is a worker's. Blocks for a moment when it is not known.
  ///
  /// @param sha256 of the token, lower-case hex
  public boolean isWorkers(String sha256) {
    if (known.contains(sha256)) {
      return true;
    }
    ConnectionGuard.assertNoneHeld("the tokens of workers");
    try {
      return reading().get(LONGEST.toMillis(), TimeUnit.MILLISECONDS).contains(sha256);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("the tokens of workers could not be read: {}", e.toString());
      return false;
    }
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
      synchronized (this) {
        next = null; // who asks from here on may mean a token that is newer than what is read
        lastNanos = nanoTime.getAsLong();
      }
      known = stored.get().stream().map(AccessToken::sha256).collect(Collectors.toSet());
      reading.complete(known);
    } catch (InterruptedException | RuntimeException e) {
      reading.completeExceptionally(e);
    }
  }
}
