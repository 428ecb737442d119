package org.ongsung.vault;

/// A secret is there and cannot be opened, or the key file or the secrets' store cannot be used.
public final class VaultException extends RuntimeException {
  public VaultException(String message, Throwable cause) {
    super(message, cause);
  }

  public VaultException(String message) {
    super(message);
  }
}
