package org.ongsung.model;

import java.util.Set;

/// A login on a target that grants can lend to people.
///
/// @param login what the target is told as user name: free text of 1 to 255 characters without
///   control characters
/// @param secrets which secrets the vault holds for it; never the secrets themselves
public record Account(Name name, String login, Set<SecretKind> secrets) {
  private static final int MAX_LOGIN_CHARACTERS = 255;

  public Account {
    secrets = Set.copyOf(secrets);
    if (login.isEmpty()
        || login.length() > MAX_LOGIN_CHARACTERS
        || login.codePoints().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "a login has 1 to 255 characters and no control characters: " + Shown.quoted(login));
    }
  }
}
