package org.ongsung.vault;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Secrets in a map.
final class MemorySecretStore implements ResealableSecretStore {
  final Map<SecretPlace, SealedSecret> secrets = new ConcurrentHashMap<>();

  @Override
  public Optional<SealedSecret> find(SecretPlace id) {
    return Optional.ofNullable(secrets.get(id));
  }

  @Override
  public List<SecretPlace> list() {
    return List.copyOf(secrets.keySet());
  }

  @Override
  public boolean replace(SecretPlace id, SealedSecret from, SealedSecret to) {
    return secrets.replace(id, from, to);
  }
}
