package org.ongsung.directory;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ongsung.audit.Ledger;
import org.ongsung.audit.LedgerUnavailableException;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.Name;
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
  private final DirectoryRules rules;
  private final List<Consumer<DirectorySnapshot>> listeners = new CopyOnWriteArrayList<>();
  private final ReentrantLock changing = new ReentrantLock();
  private final ReentrantLock publishing = new ReentrantLock();
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
    this.rules = new DirectoryRules(limits);
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
        List.of("others are changing the directory at the moment; try again"));
  }

  /// What a change would do, without doing it.
  ///
  /// @throws DirectoryRuleException when a rule would be broken
  public List<Difference> differences(DirectorySnapshot before, DirectoryChange asked) {
    return check(before, asked).differences();
  }

  private record Checked(
      DirectoryChange change, DirectorySnapshot after, List<Difference> differences) {}

  private Checked check(DirectorySnapshot before, DirectoryChange asked) {
    List<String> contradictions = DirectoryRules.contradictions(asked);
    if (!contradictions.isEmpty()) {
      throw new DirectoryRuleException(contradictions);
    }
    DirectoryChange completed = DirectoryRules.completed(before, asked);
    List<Difference> differences = Differences.of(before, completed);
    DirectoryChange change = onlyDifferent(completed, differences);
    if (change.isEmpty()) {
      return new Checked(change, before, List.of());
    }
    DirectorySnapshot after = before.after(change, before.version() + 1);
    List<String> problems = rules.problems(before, change, after);
    if (!problems.isEmpty()) {
      throw new DirectoryRuleException(problems);
    }
    return new Checked(change, after, differences);
  }

  /// Null when somebody else was faster.
  private @Nullable DirectorySnapshot tryChange(
      Actor actor, Function<DirectorySnapshot, DirectoryChange> decide) {
    DirectorySnapshot before = newest;
    Checked checked = check(before, decide.apply(before));
    if (checked.change().isEmpty()) {
      return before;
    }
    if (store.version() != before.version()) {
      return null;
    }
    ChangeEvents events =
        new ChangeEvents(clock.instant(), actor, newChangeId(), before.version() + 1);
    try {
      append(events.announce(checked.differences(), checked.change()));
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

  /// `change` without entries that would be written as they are.
  private static DirectoryChange onlyDifferent(
      DirectoryChange change, List<Difference> differences) {
    return new DirectoryChange(
        change.users().stream()
            .filter(named(differences, Difference.Kind.USER, user -> user.name()))
            .toList(),
        change.groups().stream()
            .filter(named(differences, Difference.Kind.GROUP, group -> group.name()))
            .toList(),
        change.targets().stream()
            .filter(named(differences, Difference.Kind.TARGET, target -> target.name()))
            .toList(),
        change.grants().stream()
            .filter(named(differences, Difference.Kind.GRANT, grant -> grant.name()))
            .toList(),
        deleted(differences, Difference.Kind.USER),
        deleted(differences, Difference.Kind.GROUP),
        deleted(differences, Difference.Kind.TARGET),
        deleted(differences, Difference.Kind.GRANT),
        change.secrets(),
        change.deletedSecrets());
  }

  private static <T> java.util.function.Predicate<T> named(
      List<Difference> differences, Difference.Kind kind, Function<T, Name> name) {
    Set<Name> different =
        differences.stream()
            .filter(difference -> difference.kind() == kind)
            .map(Difference::name)
            .collect(Collectors.toSet());
    return entry -> different.contains(name.apply(entry));
  }

  private static Set<Name> deleted(List<Difference> differences, Difference.Kind kind) {
    return differences.stream()
        .filter(d -> d.kind() == kind && d.action() == Difference.Action.DELETE)
        .map(Difference::name)
        .collect(Collectors.toSet());
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
