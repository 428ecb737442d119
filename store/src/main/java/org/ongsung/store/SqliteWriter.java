package org.ongsung.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.ConnectionGuard;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread that writes an embedded file.
///
/// Units that wait together share one transaction, each in a savepoint of its own, so that many
/// sessions pay for one flush to disk; a unit that fails takes nobody with it. Nobody is answered
/// before the commit. A platform thread on purpose: SQLite waits inside native code, which would
/// take the carrier from all virtual threads.
final class SqliteWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteWriter.class);

  private final Supplier<Handle> connect;
  private final StoreLimits limits;
  private final BlockingQueue<Pending<?>> queue;
  private final Thread thread;
  private @Nullable Handle connection;
  private volatile boolean closing;
  private volatile boolean busy;

  SqliteWriter(String name, Supplier<Handle> connect, StoreLimits limits) {
    this.connect = connect;
    this.limits = limits;
    this.queue = new ArrayBlockingQueue<>(limits.queuedUnits());
    this.thread = Thread.ofPlatform().name(name).daemon().start(this::work);
  }

  /// Runs `unit` on the writer's thread and returns once it is durable.
  ///
  /// @throws StoreFailure when it is not; after a silence of the answer timeout it may still become
  ///   so if it was under way
  <T> T run(Sql.Unit<T> unit) {
    Pending<T> pending = new Pending<>(unit);
    if (closing) {
      throw new StoreFailure(StoreFailure.Kind.UNREACHABLE, null);
    }
    if (!queue.offer(pending)) {
      throw new StoreFailure(StoreFailure.Kind.BUSY, null);
    }
    return Await.answer(pending.answer, limits.answerTimeout(), () -> pending.claimed.set(true));
  }

  /// Whether a transaction is under way.
  boolean busy() {
    return busy;
  }

  /// How many units wait for their turn.
  int waiting() {
    return queue.size();
  }

  /// Writes what waits, then stops.
  @Override
  public void close() {
    closing = true;
    var _ = queue.offer(new Pending<>(handle -> 0)); // wakes the thread
    Await.end(thread, limits.answerTimeout());
    for (Pending<?> left = queue.poll(); left != null; left = queue.poll()) {
      left.fail(new StoreFailure(StoreFailure.Kind.UNREACHABLE, null));
    }
  }

  private void work() {
    try {
      while (!closing || !queue.isEmpty()) {
        List<Pending<?>> group = new ArrayList<>();
        group.add(queue.take());
        queue.drainTo(group, limits.groupedUnits() - 1);
        group.removeIf(pending -> !pending.claim());
        if (!group.isEmpty()) {
          write(group);
        }
      }
    } catch (InterruptedException e) {
      LOG.error("the writer of the database was interrupted", e);
    } finally {
      closing = true;
      disconnect();
    }
  }

  private void write(List<Pending<?>> group) {
    ConnectionGuard.taken();
    busy = true;
    try {
      Handle handle = connected();
      SqliteFile.execute(handle, "begin immediate");
      if (group.size() == 1) {
        group.getFirst().runAlone(handle);
      } else {
        group.forEach(pending -> pending.run(handle));
      }
      SqliteFile.execute(handle, "commit");
    } catch (RuntimeException | Error e) {
      disconnect(); // rolls back whatever is left of the transaction
      RuntimeException failure = StoreFailure.of(e);
      group.forEach(pending -> pending.fail(failure));
      return;
    } finally {
      busy = false;
      ConnectionGuard.released();
    }
    group.forEach(Pending::settle);
  }

  private Handle connected() {
    Handle open = connection;
    if (open == null) {
      open = connect.get();
      connection = open;
    }
    return open;
  }

  private void disconnect() {
    Handle open = connection;
    connection = null;
    SqliteFile.closeQuietly(open);
  }

  /// A unit on its way: what it gave or threw waits for the commit.
  private static final class Pending<T> {
    private final Sql.Unit<T> unit;
    private final CompletableFuture<T> answer = new CompletableFuture<>();
    private final AtomicBoolean claimed = new AtomicBoolean();
    private @Nullable T value;
    private @Nullable Throwable thrown;

    Pending(Sql.Unit<T> unit) {
      this.unit = unit;
    }

    /// Whether the caller still waits; afterwards the unit will run.
    boolean claim() {
      return claimed.compareAndSet(false, true);
    }

    /// Runs without a savepoint, which would keep a copy of every page that a large batch touches.
    void runAlone(Handle handle) {
      try {
        value = unit.run(handle);
      } catch (RuntimeException | Error e) {
        thrown = e instanceof Error ? e : StoreFailure.of(e);
        throw e; // whoever holds the transaction lets it go
      }
    }

    void run(Handle handle) {
      SqliteFile.execute(handle, "savepoint unit");
      try {
        value = unit.run(handle);
      } catch (RuntimeException | Error e) {
        thrown = e instanceof Error ? e : StoreFailure.of(e);
        undo(handle, e);
      }
      SqliteFile.execute(handle, "release unit");
    }

    /// Fails when SQLite has rolled back the whole transaction by itself, as it does when the disk
    /// is full; then `cause` is what all of the group hear.
    private static void undo(Handle handle, Throwable cause) {
      try {
        SqliteFile.execute(handle, "rollback to unit");
      } catch (StoreFailure gone) {
        RuntimeException first = StoreFailure.of(cause);
        first.addSuppressed(gone);
        throw first;
      }
    }

    void settle() {
      if (thrown != null) {
        answer.completeExceptionally(thrown);
      } else {
        // A unit may give null where its caller says so; the type does not carry that this far.
        complete(value);
      }
    }

    @SuppressWarnings("NullAway") // as said in settle
    private void complete(@Nullable T given) {
      answer.complete(given);
    }

    void fail(RuntimeException failure) {
      answer.completeExceptionally(thrown != null ? thrown : failure);
    }
  }
}
