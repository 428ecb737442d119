package org.ongsung.directory.access;

import org.ongsung.directory.Problem;

/// A value that cannot be used for a reason that has a code of its own.
final class UnfitValueException extends IllegalArgumentException {
  private final Problem.Code code;

  /// @param message fit to be shown; nothing of a secret
  UnfitValueException(Problem.Code code, String message) {
    super(message);
    this.code = code;
  }

  Problem.Code code() {
    return code;
  }
}
