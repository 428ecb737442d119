package org.ongsung.model;

/// What a user may do in Ongsung itself; what a user may reach is said by grants alone.
public enum Role {
  /// Reaches targets as grants allow; sees their own sessions.
  USER("user"),
  /// Reads every session, recording and the ledger; changes nothing.
  AUDITOR("auditor"),
  /// Changes users, targets, grants; terminates sessions. Reads like an auditor, and each reading
  /// is in the ledger.
  ADMIN("admin");

  private final String text;

  Role(String text) {
    this.text = text;
  }

  /// The word in files, API and ledger.
  public String text() {
    return text;
  }

  /// The role of a word; throws [IllegalArgumentException] for any other.
  public static Role of(String text) {
    for (Role role : values()) {
      if (role.text.equals(text)) {
        return role;
      }
    }
    throw new IllegalArgumentException("not a role (user, auditor, admin): " + Shown.quoted(text));
  }
}
