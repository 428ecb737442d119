package org.ongsung.directory.access;

import org.jspecify.annotations.Nullable;
import org.ongsung.model.Name;
import org.ongsung.model.SecretKind;

/// An account of a target of an access document; see [org.ongsung.model.Account].
///
/// @param password null leaves the password that is there
/// @param privateKey null leaves the key that is there
public record AccountEntry(
    Name name, String login, @Nullable Given password, @Nullable Given privateKey) {
  /// What the document says about the secret of that kind.
  @Nullable Given secret(SecretKind kind) {
    return switch (kind) {
      case PASSWORD -> password;
      case PRIVATE_KEY -> privateKey;
    };
  }
}
