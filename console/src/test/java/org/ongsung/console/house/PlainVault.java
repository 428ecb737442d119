package org.ongsung.console.house;

import java.util.Optional;
import org.ongsung.vault.SealedSecret;
import org.ongsung.vault.Secret;
import org.ongsung.vault.SecretPlace;
import org.ongsung.vault.Vault;

/// A vault that forgets what it seals: the console never opens one.
final class PlainVault implements Vault {
  @Override
  public SealedSecret seal(SecretPlace id, Secret secret) {
    return new SealedSecret("sample", new byte[60]);
  }

  @Override
  public Optional<Secret> open(SecretPlace id) {
    throw new UnsupportedOperationException("the console opens no secrets");
  }
}
