package org.ongsung.console.house;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.ongsung.directory.DirectoryChange;
import org.ongsung.directory.DirectorySnapshot;
import org.ongsung.directory.DirectoryStore;
import org.ongsung.directory.StaleDirectoryException;
import org.ongsung.vault.SealedSecret;
import org.ongsung.vault.SecretId;
import org.ongsung.vault.SecretPlace;
import org.ongsung.vault.SecretStore;

/// A directory in memory.
final class MemoryDirectoryStore implements DirectoryStore, SecretStore {
  private final Map<SecretId, SealedSecret> secrets = new HashMap<>();
  private DirectorySnapshot snapshot = DirectorySnapshot.empty();

  @Override
  public synchronized DirectorySnapshot load() {
    return snapshot;
  }

  @Override
  public synchronized long version() {
    return snapshot.version();
  }

  @Override
  public synchronized long save(long expectedVersion, DirectoryChange change) {
    if (expectedVersion != snapshot.version()) {
      throw new StaleDirectoryException(expectedVersion);
    }
    snapshot = snapshot.after(change, expectedVersion + 1);
    secrets.putAll(change.secrets());
    change.deletedSecrets().forEach(secrets::remove);
    return snapshot.version();
  }

  @Override
  public synchronized Optional<SealedSecret> find(SecretPlace id) {
    return Optional.ofNullable(secrets.get(id));
  }
}
