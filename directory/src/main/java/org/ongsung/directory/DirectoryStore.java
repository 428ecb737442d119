package org.ongsung.directory;

/// Where the directory lies.
public interface DirectoryStore {
  /// All of it, at one version.
  DirectorySnapshot load();

  /// The version that [#load] would give, cheaply.
  long version();

  /// Makes `change` durable if the directory is still at `expectedVersion`.
  ///
  /// @return the new version
  /// @throws StaleDirectoryException when somebody else changed it in between; nothing was written
  ///   then
  long save(long expectedVersion, DirectoryChange change);
}
