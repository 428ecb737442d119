package org.ongsung.console.house;

import java.util.Optional;
import org.ongsung.vault.SealedSecret;
import org.ongsung.vault.Secret;
import org.ongsung.vault.SecretId;
import org.ongsung.vault.Vault;

/// A vault that forgets what it seals: the console never opens one.
final class PlainVault implements Vault {
  @Override
  public SealedSecret seal(SecretId id, Secret secret) {
    return new SealedSecret("sample", new byte[60]);
  }

  @Override
  public Optional<Secret> open(SecretId id) {
    throw new UnsupportedOperationException("the console opens no secrets");
  }
}
