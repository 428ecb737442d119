package org.ongsung.audit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.ConnectionGuard;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The append-only ledger of audit events, durable before anyone goes on.
///
/// One writer thread takes what has gathered and appends it in one transaction (group commit), so
/// that many sessions share one flush to disk. Appending is refused, never skipped, when the queue
/// is full or the store fails: the caller then must not do what it was about to do.
///
/// Threads: [#append] blocks and belongs on virtual threads; [#offer] never blocks and may be
/// called on an event loop.
public final class Ledger implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);

  private final LedgerStore store;
  private final LedgerLimits limits;
  private final BlockingQueue<Pending> queue;
  private final Thread writer;
  private volatile boolean closing;
  private volatile boolean ended;

  /// An event on its way; without one it only wakes the writer.
  private record Pending(@Nullable AuditEvent event, CompletableFuture<Long> sequence) {}

  public Ledger(LedgerStore store, LedgerLimits limits) {
    this.store = store;
    this.limits = limits;
    this.queue = new ArrayBlockingQueue<>(limits.queuedEvents());
    this.writer = Thread.ofPlatform().name("ledger").daemon().start(this::write);
  }

  /// Appends `event` and returns its sequence once it is durable.
  ///
  /// @throws LedgerUnavailableException when it is not durable within the limit; it may still
  ///   become so
  public long append(AuditEvent event) {
    ConnectionGuard.assertNoneHeld("the ledger");
    CompletableFuture<Long> sequence = offer(event);
    Duration wait = limits.appendTimeout();
    try {
      return sequence.get(wait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      String why = e.getCause() == null ? null : e.getCause().getMessage();
      throw new LedgerUnavailableException(
          why == null ? "the ledger could not be written" : why, e);
    } catch (TimeoutException e) {
      throw new LedgerUnavailableException("the ledger did not answer within " + wait, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LedgerUnavailableException("interrupted while the ledger was written", e);
    }
  }

  /// Hands `event` to the writer; the result completes with its sequence, or exceptionally when it
  /// was not kept. It completes on the writer's thread: what follows from it there must not block.
  public CompletableFuture<Long> offer(AuditEvent event) {
    Pending pending = new Pending(event, new CompletableFuture<>());
    if (closing || !queue.offer(pending)) {
      pending.sequence.completeExceptionally(
          new LedgerUnavailableException(
              closing ? "the ledger is closed" : "too many events wait for the ledger"));
    } else if (ended) {
      failWhatWaits(); // the writer ended between the question and the offer
    }
    return pending.sequence;
  }

  /// The entries that match, newest first. Blocks on the store.
  public List<LedgerEntry> find(LedgerQuery query) {
    ConnectionGuard.assertNoneHeld("the ledger");
    return store.find(query);
  }

  /// Appends what waits, then stops. Waits for the writer no longer than the append limit; what it
  /// has not taken by then fails.
  @Override
  public void close() {
    closing = true;
    boolean _ = queue.offer(new Pending(null, new CompletableFuture<>())); // full: it is awake
    try {
      boolean _ = writer.join(limits.appendTimeout());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    failWhatWaits();
  }

  private void write() {
    try {
      while (!closing || !queue.isEmpty()) {
        List<Pending> batch = new ArrayList<>();
        batch.add(queue.take());
        queue.drainTo(batch, limits.batchEvents() - 1);
        batch.removeIf(pending -> pending.event == null);
        if (!batch.isEmpty()) {
          appendAll(batch);
        }
      }
    } catch (InterruptedException e) {
      LOG.error("the ledger's writer was interrupted; nothing more can be recorded", e);
    } finally {
      closing = true;
      ended = true; // before the queue is emptied, so that whoever fills it after sees it
      failWhatWaits();
    }
  }

  private void failWhatWaits() {
    List<Pending> left = new ArrayList<>();
    queue.drainTo(left);
    failAll(left, new LedgerUnavailableException("the ledger is closed"));
  }

  private void appendAll(List<Pending> batch) {
    try {
      List<AuditEvent> events =
          batch.stream().map(Pending::event).filter(Objects::nonNull).toList();
      long sequence = store.append(events);
      for (Pending pending : batch) {
        pending.sequence.complete(sequence++);
      }
    } catch (RuntimeException | Error e) {
      // Also after an error the next batch is tried: a ledger that stopped would stop everything.
      LOG.error("{} audit events could not be written", batch.size(), e);
      failAll(batch, new LedgerUnavailableException("the ledger could not be written", e));
    }
  }

  private static void failAll(List<Pending> batch, RuntimeException cause) {
    batch.forEach(pending -> pending.sequence.completeExceptionally(cause));
  }
}
