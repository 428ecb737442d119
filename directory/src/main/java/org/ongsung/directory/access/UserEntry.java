package org.ongsung.directory.access;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.LanguageChoice;
import org.ongsung.model.Name;
import org.ongsung.model.Role;
import org.ongsung.model.SshPublicKey;
import org.ongsung.model.Title;

/// A user of an access document; see [org.ongsung.model.User].
///
/// @param password null leaves the password that is there
/// @param language null leaves what the person chose
public record UserEntry(
    Name name,
    Title title,
    Set<Role> roles,
    Set<Name> groups,
    boolean active,
    @Nullable Given password,
    List<SshPublicKey> publicKeys,
    @Nullable LanguageChoice language) {
  public UserEntry {
    roles = Set.copyOf(roles);
    groups = Set.copyOf(groups);
    publicKeys = List.copyOf(publicKeys);
  }
}
