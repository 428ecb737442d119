package org.ongsung.directory;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ongsung.vault.SealedSecret;
import org.ongsung.vault.SecretId;
import org.ongsung.vault.SecretPlace;
import org.ongsung.vault.SecretStore;

/// A directory store in memory, that can be told to fail or to let somebody else be faster.
final class MemoryStore implements DirectoryStore, SecretStore {
  private final Map<SecretId, SealedSecret> secrets = new HashMap<>();
  private DirectorySnapshot snapshot = DirectorySnapshot.empty();
  @Nullable Runnable beforeSave;
  int saves;

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
    Runnable first = beforeSave;
    if (first != null) {
      beforeSave = null;
      first.run();
    }
    if (expectedVersion != snapshot.version()) {
      throw new StaleDirectoryException(expectedVersion);
    }
    snapshot = snapshot.after(change, expectedVersion + 1);
    secrets.putAll(change.secrets());
    change.deletedSecrets().forEach(secrets::remove);
    saves++;
    return snapshot.version();
  }

  @Override
  public synchronized Optional<SealedSecret> find(SecretPlace id) {
    return Optional.ofNullable(secrets.get(id));
  }

  synchronized Map<SecretId, SealedSecret> secrets() {
    return Map.copyOf(secrets);
  }
}
