package org.ongsung.audit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.AuditEvent;
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

  private record Pending(AuditEvent event, CompletableFuture<Long> sequence) {}

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
    CompletableFuture<Long> sequence = offer(event);
    Duration wait = limits.appendTimeout();
    try {
      return sequence.get(wait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new LedgerUnavailableException("the ledger could not be written", e);
    } catch (TimeoutException e) {
      throw new LedgerUnavailableException("the ledger did not answer within " + wait, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LedgerUnavailableException("interrupted while the ledger was written", e);
    }
  }

  /// Hands `event` to the writer; the result completes with its sequence, or exceptionally when it
  /// was not kept.
  public CompletableFuture<Long> offer(AuditEvent event) {
    Pending pending = new Pending(event, new CompletableFuture<>());
    if (closing || !queue.offer(pending)) {
      pending.sequence.completeExceptionally(
          new LedgerUnavailableException(
              closing ? "the ledger is closed" : "too many events wait"));
    }
    return pending.sequence;
  }

  /// The entries that match, newest first. Blocks on the store.
  public List<LedgerEntry> find(LedgerQuery query) {
    return store.find(query);
  }

  /// Appends what waits, then stops. Waits for the writer no longer than the append limit.
  @Override
  public void close() {
    closing = true;
    try {
      writer.join(limits.appendTimeout());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    failAll(drain(null), new LedgerUnavailableException("the ledger is closed"));
  }

  private void write() {
    try {
      while (true) {
        Pending first = queue.poll(50, TimeUnit.MILLISECONDS);
        if (first != null) {
          appendAll(drain(first));
        } else if (closing) {
          return;
        }
      }
    } catch (InterruptedException e) {
      LOG.error("the ledger's writer was interrupted; nothing more can be recorded", e);
    } finally {
      closing = true;
    }
  }

  private List<Pending> drain(@Nullable Pending first) {
    List<Pending> batch = new ArrayList<>();
    if (first != null) {
      batch.add(first);
    }
    queue.drainTo(batch, limits.batchEvents() - batch.size());
    return batch;
  }

  private void appendAll(List<Pending> batch) {
    try {
      long sequence = store.append(batch.stream().map(Pending::event).toList());
      for (Pending pending : batch) {
        pending.sequence.complete(sequence++);
      }
    } catch (RuntimeException e) {
      LOG.error("{} audit events could not be written", batch.size(), e);
      failAll(batch, e);
    }
  }

  private static void failAll(List<Pending> batch, RuntimeException cause) {
    batch.forEach(pending -> pending.sequence.completeExceptionally(cause));
  }
}
