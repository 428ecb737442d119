package org.ongsung.directory;

/// Where the directory lies. Times come back cut to microseconds, and each account's secrets say
/// what the store really holds.
///
/// Every method blocks; all throw [DirectoryUnavailableException] when the store cannot be reached.
public interface DirectoryStore {
  /// All of it, at one version.
  DirectorySnapshot load();

  /// The version that [#load] would give, cheaply.
  long version();

  /// Makes `change` durable if the directory is still at `expectedVersion`. Deletes come first,
  /// then what is put; secrets of accounts and targets that are no more go with them.
  ///
  /// @return the new version
  /// @throws StaleDirectoryException when somebody else changed it in between; nothing was written
  ///   then
  long save(long expectedVersion, DirectoryChange change);
}
