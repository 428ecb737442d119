package org.ongsung.jobs;

/// What became of logging in with an account.
public enum LoginCheck {
  ACCEPTED,
  /// The target did not take the credential.
  REFUSED,
  /// The vault holds none that can be used.
  NO_CREDENTIAL,
  /// It was not tried, for nothing would be known by it.
  NOT_TRIED
}
