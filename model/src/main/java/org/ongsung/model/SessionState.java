package org.ongsung.model;

/// How far a session has come.
public enum SessionState {
  /// Started and not ended.
  LIVE("live"),
  /// Ended by the person or the target.
  ENDED("ended"),
  /// Ended by an administrator, a limit, a revoked grant, or a record that could not be written.
  TERMINATED("terminated"),
  /// Found open at a start after a crash, and closed then.
  INTERRUPTED("interrupted"),
  /// The target could not be reached or did not prove itself, or refused the account.
  FAILED("failed");

  private final String text;

  SessionState(String text) {
    this.text = text;
  }

  /// The word in API, store and ledger.
  public String text() {
    return text;
  }

  /// The state of a word; throws [IllegalArgumentException] for any other.
  public static SessionState of(String text) {
    for (SessionState state : values()) {
      if (state.text.equals(text)) {
        return state;
      }
    }
    throw new IllegalArgumentException("not a session state: " + Shown.quoted(text));
  }
}
