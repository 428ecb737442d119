package org.ongsung.store;

import java.util.Optional;

/// Finds a row by its key.
interface RowLookup<V> {
  /// The row of `key`.
  ///
  /// @param key one that the database can be asked for: where questions are shared, a key that it
  ///   refuses fails the question of all who share it
  /// @throws StoreFailure when the database fails, or too many wait
  Optional<V> find(String key);
}
