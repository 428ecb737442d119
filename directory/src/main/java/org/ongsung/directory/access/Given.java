package org.ongsung.directory.access;

import org.ongsung.model.PasswordHash;

/// A password or secret as a document gives it. A document that says nothing about one leaves what
/// is there as it is.
public sealed interface Given {
  /// In clear, to be hashed or sealed on arrival. Printed only as a mark.
  record Plain(String text) implements Given {
    @Override
    public String toString() {
      return "Plain[…]";
    }
  }

  /// An Argon2id hash; for users' passwords only.
  record Hashed(PasswordHash hash) implements Given {}

  /// `none`: there shall be none.
  record None() implements Given {}
}
