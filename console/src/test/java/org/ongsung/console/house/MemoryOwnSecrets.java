package org.ongsung.console.house;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.ongsung.vault.OwnSecret;
import org.ongsung.vault.OwnSecretStore;
import org.ongsung.vault.SealedSecret;

/// Which secrets of the gateway's own are set.
final class MemoryOwnSecrets implements OwnSecretStore {
  private final Map<OwnSecret, SealedSecret> secrets = new ConcurrentHashMap<>();

  @Override
  public void put(OwnSecret which, SealedSecret sealed) {
    secrets.put(which, sealed);
  }

  @Override
  public boolean has(OwnSecret which) {
    return secrets.containsKey(which);
  }

  @Override
  public boolean remove(OwnSecret which) {
    return secrets.remove(which) != null;
  }
}
