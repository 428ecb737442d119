package org.ongsung.vault;

import java.util.Arrays;
import java.util.HexFormat;

/// A secret as it lies in the store: which key sealed it, and the nonce, ciphertext and tag
/// together.
public final class SealedSecret {
  private final String keyId;
  private final byte[] sealed;

  public SealedSecret(String keyId, byte[] sealed) {
    this.keyId = keyId;
    this.sealed = sealed.clone();
  }

  /// Names the key of the vault's key file.
  public String keyId() {
    return keyId;
  }

  /// The 12-byte nonce, then ciphertext, then the 16-byte tag; a copy.
  public byte[] sealed() {
    return sealed.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SealedSecret secret
        && keyId.equals(secret.keyId)
        && Arrays.equals(sealed, secret.sealed);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sealed);
  }

  @Override
  public String toString() {
    return "SealedSecret["
        + keyId
        + ", "
        + HexFormat.of().formatHex(sealed, 0, Math.min(4, sealed.length))
        + "…]";
  }
}
