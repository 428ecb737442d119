package org.ongsung.store;

/// How the database's schema stands to the one this version works with.
public enum SchemaState {
  /// Nothing is there yet.
  EMPTY,
  /// An older version wrote it: back up, then [Database#migrate].
  BEHIND,
  /// Ready to use.
  CURRENT
}
