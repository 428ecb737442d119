package org.ongsung.model;

/// How a target proves that it is the target.
public enum HostKeyPolicy {
  /// Only the keys that an administrator gave.
  PINNED("pinned"),
  /// The keys seen at the first connection, from then on pinned; each learning is in the ledger.
  TRUST_ON_FIRST_USE("trust-on-first-use");

  private final String text;

  HostKeyPolicy(String text) {
    this.text = text;
  }

  /// The word in files, API and ledger.
  public String text() {
    return text;
  }
}
