package org.ongsung.policy;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.ongsung.directory.Actor;
import org.ongsung.directory.Directory;
import org.ongsung.directory.DirectoryChange;
import org.ongsung.directory.DirectorySnapshot;
import org.ongsung.model.Grant;
import org.ongsung.model.Target;
import org.ongsung.model.User;

/// A directory in memory, without rules.
final class MemoryDirectory implements Directory {
  private volatile DirectorySnapshot snapshot = DirectorySnapshot.empty();

  @Override
  public DirectorySnapshot snapshot() {
    return snapshot;
  }

  @Override
  public synchronized DirectorySnapshot change(
      Actor actor, Function<DirectorySnapshot, DirectoryChange> decide) {
    snapshot = snapshot.after(decide.apply(snapshot), snapshot.version() + 1);
    return snapshot;
  }

  @Override
  public void onChange(Consumer<DirectorySnapshot> listener) {}

  MemoryDirectory with(User... users) {
    DirectoryChange.Builder change = new DirectoryChange.Builder();
    List.of(users).forEach(change::put);
    change(Actor.SYSTEM, _ -> change.build());
    return this;
  }

  MemoryDirectory with(Target... targets) {
    DirectoryChange.Builder change = new DirectoryChange.Builder();
    List.of(targets).forEach(change::put);
    change(Actor.SYSTEM, _ -> change.build());
    return this;
  }

  MemoryDirectory with(Grant... grants) {
    DirectoryChange.Builder change = new DirectoryChange.Builder();
    List.of(grants).forEach(change::put);
    change(Actor.SYSTEM, _ -> change.build());
    return this;
  }
}
