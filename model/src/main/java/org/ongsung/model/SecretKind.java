package org.ongsung.model;

/// What an account proves itself with on its target.
public enum SecretKind {
  /// A password, also for keyboard-interactive.
  PASSWORD("password"),
  /// A private key in OpenSSH or PEM form, without passphrase once sealed.
  PRIVATE_KEY("private-key");

  private final String text;

  SecretKind(String text) {
    this.text = text;
  }

  /// The word in files, API and ledger.
  public String text() {
    return text;
  }
}
