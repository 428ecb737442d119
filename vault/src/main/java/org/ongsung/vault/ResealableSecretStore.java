package org.ongsung.vault;

import java.util.List;

/// A secret store whose secrets can be sealed anew under another key. Every method blocks and
/// throws [VaultException] when the store cannot be reached.
public interface ResealableSecretStore extends SecretStore {
  /// Which secrets there are.
  List<SecretPlace> list();

  /// Writes `to` in place of `from`, durable on return, unless something else stands there by now.
  ///
  /// @return whether it did
  boolean replace(SecretPlace id, SealedSecret from, SealedSecret to);
}
