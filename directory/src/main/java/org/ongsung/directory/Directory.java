package org.ongsung.directory;

import java.util.function.Consumer;
import java.util.function.Function;

/// The directory of this process: the newest snapshot at hand, and the one way to change it.
public interface Directory {
  /// The newest snapshot that this process knows; never waits.
  DirectorySnapshot snapshot();

  /// Decides a change on the newest snapshot, checks its rules (references exist, never without an
  /// active admin), makes it durable, puts each difference into the ledger with before and after,
  /// and tells the listeners. Repeats `decide` when somebody else was faster. Blocks.
  ///
  /// @return the snapshot after the change
  /// @throws DirectoryRuleException when a rule would be broken; nothing was changed then
  DirectorySnapshot change(Actor actor, Function<DirectorySnapshot, DirectoryChange> decide);

  /// Calls `listener` after every change with the new snapshot, also for changes made by other
  /// processes (within two seconds). Called on a virtual thread, one call at a time.
  void onChange(Consumer<DirectorySnapshot> listener);
}
