package org.ongsung.policy;

import java.time.Duration;

/// What came of a login attempt. Each is in the ledger when it is returned.
public sealed interface LoginResult {
  /// Proven.
  record Accepted(AuthenticatedUser user) implements LoginResult {}

  /// Not proven; why stands in the ledger and is not for the person.
  record Rejected() implements LoginResult {}

  /// Not even looked at.
  ///
  /// @param busy whether that is because too many passwords are being checked; else there were too
  ///   many failures from this address or for this user
  record Blocked(Duration retryAfter, boolean busy) implements LoginResult {
    /// After too many failures.
    public Blocked(Duration retryAfter) {
      this(retryAfter, false);
    }
  }
}
