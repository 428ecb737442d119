package org.ongsung.model;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A person who may log in. An inactive user can do nothing; the record of what they did stays.
///
/// @param password null when the user has none, so that only keys let them in
/// @param language what they chose for themselves
public record User(
    Name name,
    Title title,
    Set<Role> roles,
    Set<Name> groups,
    boolean active,
    @Nullable PasswordHash password,
    List<SshPublicKey> publicKeys,
    LanguageChoice language) {
  /// The most groups, and the most public keys, of one user, inclusive.
  public static final int MAX_GROUPS = 200;

  /// The most public keys of one user, inclusive.
  public static final int MAX_PUBLIC_KEYS = 50;

  public User {
    roles = Set.copyOf(roles);
    groups = Set.copyOf(groups);
    publicKeys = List.copyOf(publicKeys);
    if (groups.size() > MAX_GROUPS) {
      throw new IllegalArgumentException("a user is in at most 200 groups: " + name);
    }
    if (publicKeys.size() > MAX_PUBLIC_KEYS) {
      throw new IllegalArgumentException("a user has at most 50 public keys: " + name);
    }
  }

  /// A user who has chosen no language.
  public User(
      Name name,
      Title title,
      Set<Role> roles,
      Set<Name> groups,
      boolean active,
      @Nullable PasswordHash password,
      List<SshPublicKey> publicKeys) {
    this(name, title, roles, groups, active, password, publicKeys, LanguageChoice.AUTO);
  }

  /// The same with another password.
  public User withPassword(PasswordHash other) {
    return new User(name, title, roles, groups, active, other, publicKeys, language);
  }

  /// The same with other public keys.
  public User withPublicKeys(List<SshPublicKey> others) {
    return new User(name, title, roles, groups, active, password, others, language);
  }

  /// The same with another language.
  public User withLanguage(LanguageChoice other) {
    return new User(name, title, roles, groups, active, password, publicKeys, other);
  }

  /// Whether the user has `role`.
  public boolean has(Role role) {
    return roles.contains(role);
  }
}
