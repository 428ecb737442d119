package org.ongsung.vault;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Secrets in a map.
final class MemorySecretStore implements ResealableSecretStore {
  final Map<SecretId, SealedSecret> secrets = new ConcurrentHashMap<>();

  @Override
  public Optional<SealedSecret> find(SecretId id) {
    return Optional.ofNullable(secrets.get(id));
  }

  @Override
  public List<SecretId> list() {
    return List.copyOf(secrets.keySet());
  }

  @Override
  public boolean replace(SecretId id, SealedSecret from, SealedSecret to) {
    return secrets.replace(id, from, to);
  }
}
