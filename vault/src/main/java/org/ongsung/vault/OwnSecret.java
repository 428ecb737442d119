package org.ongsung.vault;

/// A secret that is the gateway's own and no account's.
public enum OwnSecret implements SecretPlace {
  /// What posts to `notify.webhook` are signed with.
  WEBHOOK("webhook");

  private final String text;

  OwnSecret(String text) {
    this.text = text;
  }

  /// The word in the database and in the ledger.
  public String text() {
    return text;
  }

  /// The one of that word.
  public static OwnSecret of(String text) {
    for (OwnSecret one : values()) {
      if (one.text.equals(text)) {
        return one;
      }
    }
    throw new IllegalArgumentException("no secret of the gateway's own: " + text);
  }

  /// Two parts, where an account's place has three.
  @Override
  public String toString() {
    return "own/" + text;
  }
}
