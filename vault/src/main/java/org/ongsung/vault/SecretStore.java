package org.ongsung.vault;

import java.util.Optional;

/// Where sealed secrets lie. Those of accounts are written together with the directory entry they
/// belong to, by the directory's store, those of the gateway by [OwnSecretStore]; this port reads
/// them.
public interface SecretStore {
  /// The sealed secret, if there is one. Blocks.
  ///
  /// @throws VaultException when the store cannot be reached
  Optional<SealedSecret> find(SecretPlace id);
}
