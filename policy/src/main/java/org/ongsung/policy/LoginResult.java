package org.ongsung.policy;

import java.time.Duration;

/// What came of a login attempt. Each is in the ledger when it is returned.
public sealed interface LoginResult {
  /// Proven.
  record Accepted(AuthenticatedUser user) implements LoginResult {}

  /// Not proven; why stands in the ledger and is not for the person.
  record Rejected() implements LoginResult {}

  /// Not even looked at: too many failures from this address or for this user.
  record Blocked(Duration retryAfter) implements LoginResult {}
}
