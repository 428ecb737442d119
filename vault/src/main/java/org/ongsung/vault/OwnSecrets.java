package org.ongsung.vault;

import java.util.Optional;

/// The gateway's own secrets, sealed like those of accounts.
///
/// Threads: any; everything blocks on the store.
public final class OwnSecrets {
  private final Vault vault;
  private final OwnSecretStore store;

  public OwnSecrets(Vault vault, OwnSecretStore store) {
    this.vault = vault;
    this.store = store;
  }

  /// Seals `secret` and keeps it, over the one before it.
  public void set(OwnSecret which, Secret secret) {
    store.put(which, vault.seal(which, secret));
  }

  /// Whether one is set.
  public boolean has(OwnSecret which) {
    return store.has(which);
  }

  /// Takes one away.
  ///
  /// @return whether it was there
  public boolean remove(OwnSecret which) {
    return store.remove(which);
  }

  /// One in clear, if there is one; the caller closes it.
  ///
  /// @throws VaultException when it is there and does not open
  public Optional<Secret> open(OwnSecret which) {
    return vault.open(which);
  }
}
