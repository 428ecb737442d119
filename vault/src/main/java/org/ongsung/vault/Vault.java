package org.ongsung.vault;

import java.util.Optional;

/// Seals secrets on arrival and opens them for the dialler. Nothing else sees one in clear.
public interface Vault {
  /// Seals `secret` for the place `id`. Does not store it.
  SealedSecret seal(SecretPlace id, Secret secret);

  /// The secret in clear, if there is one; the caller closes it. Blocks on the store.
  ///
  /// @throws VaultException when it is there and does not open: tampered with, or its key is
  ///   missing
  Optional<Secret> open(SecretPlace id);
}
