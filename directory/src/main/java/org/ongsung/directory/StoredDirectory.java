package org.ongsung.directory;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.ongsung.audit.Ledger;
import org.ongsung.audit.LedgerUnavailableException;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.GuardedLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The directory of this process over its store: a snapshot in memory, changes announced in the
/// ledger before they are made, other processes' changes found by asking the store for its version
/// every second.
///
/// A change is in the ledger *before* it is in the store (docs/adr/0010-announce-then-change.md):
/// when the ledger cannot be written, nothing changes. When the store then refuses, `change.failed`
/// takes the announcement back.
///
/// Threads: [#snapshot] never waits. Changes of one process follow each other, so `decide` must not
/// take long: hash passwords before. Listeners are called one at a time on a virtual thread; when
/// changes come faster than a listener works, it sees the newest and not each one.
public final class StoredDirectory implements Directory, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StoredDirectory.class);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final DirectoryStore store;
  private final Ledger ledger;
  private final InstantSource clock;
  private final DirectoryLimits limits;
  private final List<Consumer<DirectorySnapshot>> listeners = new CopyOnWriteArrayList<>();
  private final GuardedLock changing = new GuardedLock();
  private final GuardedLock publishing = new GuardedLock();
  private final Condition published = publishing.newCondition();
  private final List<Thread> threads = new ArrayList<>();
  private volatile DirectorySnapshot newest;
  private volatile boolean closed;

  /// Loads the directory; blocks on the store.
  public StoredDirectory(
      DirectoryStore store, Ledger ledger, InstantSource clock, DirectoryLimits limits) {
    this.store = store;
    this.ledger = ledger;
    this.clock = clock;
    this.limits = limits;
    this.newest = store.load();
    long seen = newest.version();
    threads.add(Thread.ofVirtual().name("directory-listeners").start(() -> tellListeners(seen)));
    threads.add(Thread.ofVirtual().name("directory-poll").start(this::poll));
  }

  @Override
  public DirectorySnapshot snapshot() {
    return newest;
  }

  @Override
  public void onChange(Consumer<DirectorySnapshot> listener) {
    listeners.add(listener);
  }

  @Override
  public DirectorySnapshot change(
      Actor actor, Function<DirectorySnapshot, DirectoryChange> decide) {
    changing.lock();
    try {
      for (int attempt = 1; attempt <= limits.attempts(); attempt++) {
        DirectorySnapshot after = tryChange(actor, decide);
        if (after != null) {
          return after;
        }
        refresh();
      }
    } finally {
      changing.unlock();
    }
    throw new DirectoryRuleException(
        List.of(
            Problem.of(
                Problem.Code.OTHERS_CHANGE,
                "others are changing the directory at the moment; try again")));
  }

  /// Null when somebody else was faster.
  private @Nullable DirectorySnapshot tryChange(
      Actor actor, Function<DirectorySnapshot, DirectoryChange> decide) {
    DirectorySnapshot before = newest;
    CheckedChange checked = CheckedChange.of(before, decide.apply(before), limits);
    if (checked.change().isEmpty()) {
      return before;
    }
    if (store.version() != before.version()) {
      return null;
    }
    ChangeEvents events =
        new ChangeEvents(clock.instant(), actor, newChangeId(), before.version() + 1);
    try {
      append(events.announce(checked, before));
    } catch (LedgerUnavailableException e) {
      takeBack(events, "the ledger could not be written");
      throw e;
    }
    long version;
    try {
      version = store.save(before.version(), checked.change());
    } catch (StaleDirectoryException e) {
      ledger.append(events.takeBack("somebody else changed the directory first; decided anew"));
      return null;
    } catch (RuntimeException e) {
      takeBack(events, "the directory could not be written; its version tells whether it was");
      throw e;
    }
    DirectorySnapshot after = before.after(checked.change(), version);
    publish(after);
    return after;
  }

  /// Says in the ledger, if it can still be said, that an announced change was not made. The cause
  /// is already on its way to the caller.
  private void takeBack(ChangeEvents events, String reason) {
    try {
      ledger.append(events.takeBack(reason));
    } catch (LedgerUnavailableException e) {
      LOG.error("an announced change was not made and the ledger cannot say so", e);
    }
  }

  private void append(List<AuditEvent> events) {
    for (int from = 0; from < events.size(); from += limits.ledgerBatchEvents()) {
      int to = Math.min(events.size(), from + limits.ledgerBatchEvents());
      List<CompletableFuture<Long>> waiting =
          events.subList(from, to).stream().map(ledger::offer).toList();
      try {
        CompletableFuture.allOf(waiting.toArray(CompletableFuture[]::new))
            .get(limits.ledgerTimeout().toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException e) {
        throw new LedgerUnavailableException("the ledger could not be written", e);
      } catch (TimeoutException e) {
        throw new LedgerUnavailableException(
            "the ledger did not answer within " + limits.ledgerTimeout(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new LedgerUnavailableException("interrupted while the ledger was written", e);
      }
    }
  }

  private static String newChangeId() {
    byte[] id = new byte[8];
    RANDOM.nextBytes(id);
    return HexFormat.of().formatHex(id);
  }

  private void publish(DirectorySnapshot snapshot) {
    publishing.lock();
    try {
      if (snapshot.version() > newest.version()) {
        newest = snapshot;
        published.signalAll();
      }
    } finally {
      publishing.unlock();
    }
  }

  private void refresh() {
    if (store.version() != newest.version()) {
      publish(store.load());
    }
  }

  private void poll() {
    boolean failing = false;
    while (!closed) {
      try {
        Thread.sleep(limits.pollInterval());
        refresh();
        if (failing) {
          LOG.info("the directory can be read again");
          failing = false;
        }
      } catch (InterruptedException e) {
        return; // closed
      } catch (RuntimeException e) {
        if (!failing && !closed) {
          LOG.error("the directory cannot be read; going on with what was read before", e);
          failing = true;
        }
      }
    }
  }

  private void tellListeners(long version) {
    long told = version;
    while (!closed) {
      DirectorySnapshot snapshot;
      publishing.lock();
      try {
        while (newest.version() <= told) {
          published.await();
        }
        snapshot = newest;
      } catch (InterruptedException e) {
        return; // closed
      } finally {
        publishing.unlock();
      }
      told = snapshot.version();
      for (Consumer<DirectorySnapshot> listener : listeners) {
        try {
          listener.accept(snapshot);
        } catch (RuntimeException e) {
          LOG.error("a listener of the directory failed", e);
        }
      }
    }
  }

  /// Stops looking for changes. Does not close the store or the ledger.
  @Override
  public void close() {
    closed = true;
    threads.forEach(Thread::interrupt);
  }
}
