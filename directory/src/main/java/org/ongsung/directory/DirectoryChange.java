package org.ongsung.directory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ongsung.model.Grant;
import org.ongsung.model.Group;
import org.ongsung.model.Name;
import org.ongsung.model.Target;
import org.ongsung.model.User;
import org.ongsung.vault.SealedSecret;
import org.ongsung.vault.SecretId;

/// What one transaction does to the directory: entries to write (new or over the old) and to
/// delete, and secrets to write and to delete, all or nothing.
public record DirectoryChange(
    List<User> users,
    List<Group> groups,
    List<Target> targets,
    List<Grant> grants,
    Set<Name> deletedUsers,
    Set<Name> deletedGroups,
    Set<Name> deletedTargets,
    Set<Name> deletedGrants,
    Map<SecretId, SealedSecret> secrets,
    Set<SecretId> deletedSecrets) {
  public DirectoryChange {
    users = List.copyOf(users);
    groups = List.copyOf(groups);
    targets = List.copyOf(targets);
    grants = List.copyOf(grants);
    deletedUsers = Set.copyOf(deletedUsers);
    deletedGroups = Set.copyOf(deletedGroups);
    deletedTargets = Set.copyOf(deletedTargets);
    deletedGrants = Set.copyOf(deletedGrants);
    secrets = Map.copyOf(secrets);
    deletedSecrets = Set.copyOf(deletedSecrets);
  }

  /// Whether nothing would happen.
  public boolean isEmpty() {
    return users.isEmpty()
        && groups.isEmpty()
        && targets.isEmpty()
        && grants.isEmpty()
        && deletedUsers.isEmpty()
        && deletedGroups.isEmpty()
        && deletedTargets.isEmpty()
        && deletedGrants.isEmpty()
        && secrets.isEmpty()
        && deletedSecrets.isEmpty();
  }

  /// Gathers a change step by step. Not for several threads.
  public static final class Builder {
    private final List<User> users = new ArrayList<>();
    private final List<Group> groups = new ArrayList<>();
    private final List<Target> targets = new ArrayList<>();
    private final List<Grant> grants = new ArrayList<>();
    private final Set<Name> deletedUsers = new java.util.TreeSet<>();
    private final Set<Name> deletedGroups = new java.util.TreeSet<>();
    private final Set<Name> deletedTargets = new java.util.TreeSet<>();
    private final Set<Name> deletedGrants = new java.util.TreeSet<>();
    private final Map<SecretId, SealedSecret> secrets = new java.util.HashMap<>();
    private final Set<SecretId> deletedSecrets = new java.util.HashSet<>();

    public Builder put(User user) {
      users.add(user);
      return this;
    }

    public Builder put(Group group) {
      groups.add(group);
      return this;
    }

    public Builder put(Target target) {
      targets.add(target);
      return this;
    }

    public Builder put(Grant grant) {
      grants.add(grant);
      return this;
    }

    public Builder put(SecretId id, SealedSecret secret) {
      secrets.put(id, secret);
      return this;
    }

    public Builder deleteUser(Name name) {
      deletedUsers.add(name);
      return this;
    }

    public Builder deleteGroup(Name name) {
      deletedGroups.add(name);
      return this;
    }

    public Builder deleteTarget(Name name) {
      deletedTargets.add(name);
      return this;
    }

    public Builder deleteGrant(Name name) {
      deletedGrants.add(name);
      return this;
    }

    public Builder deleteSecret(SecretId id) {
      deletedSecrets.add(id);
      return this;
    }

    public DirectoryChange build() {
      return new DirectoryChange(
          users,
          groups,
          targets,
          grants,
          deletedUsers,
          deletedGroups,
          deletedTargets,
          deletedGrants,
          secrets,
          deletedSecrets);
    }
  }
}
