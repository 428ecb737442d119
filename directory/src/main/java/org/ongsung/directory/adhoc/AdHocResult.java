package org.ongsung.directory.adhoc;

import org.ongsung.model.Name;

/// What came of asking for a target on the fly.
public sealed interface AdHocResult {
  /// It is in the directory now.
  record Registered(Name target) implements AdHocResult {}

  /// It is not, for a reason that the ledger is told and the person is not: they all look the same
  /// from outside.
  ///
  /// @param reason in English
  record Refused(String reason) implements AdHocResult {}

  /// There are as many as may be; old ones must go first.
  record Full() implements AdHocResult {}
}
