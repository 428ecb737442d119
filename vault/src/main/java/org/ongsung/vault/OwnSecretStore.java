package org.ongsung.vault;

/// Where the gateway's own secrets are written, sealed; [SecretStore] reads them. Blocks, and
/// throws [VaultException] when the store cannot be reached.
public interface OwnSecretStore {
  /// Writes one, over the one before it. Durable on return.
  void put(OwnSecret which, SealedSecret sealed);

  /// Whether there is one.
  boolean has(OwnSecret which);

  /// Takes one away.
  ///
  /// @return whether it was there
  boolean remove(OwnSecret which);
}
