package org.ongsung.console.house;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.ongsung.vault.SealedSecret;
import org.ongsung.vault.Secret;
import org.ongsung.vault.SecretPlace;
import org.ongsung.vault.Vault;

/// A vault that has the same key for every account; for targets on the fly, which get one.
final class LendingVault implements Vault {
  @Override
  public SealedSecret seal(SecretPlace id, Secret secret) {
    return new SealedSecret("sample", new byte[60]);
  }

  @Override
  public Optional<Secret> open(SecretPlace id) {
    return Optional.of(new Secret("a key".getBytes(StandardCharsets.UTF_8)));
  }
}
