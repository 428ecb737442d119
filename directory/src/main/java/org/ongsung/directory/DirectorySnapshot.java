package org.ongsung.directory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.ongsung.model.Grant;
import org.ongsung.model.Group;
import org.ongsung.model.Name;
import org.ongsung.model.Role;
import org.ongsung.model.Target;
import org.ongsung.model.User;

/// The whole directory as it was at one version: immutable, in memory, safe to read from any thread
/// without waiting.
///
/// Entries come sorted by name. Decisions are made on one snapshot, so that they cannot see half a
/// change.
public final class DirectorySnapshot {
  private final long version;
  private final SortedMap<Name, User> users;
  private final SortedMap<Name, Group> groups;
  private final SortedMap<Name, Target> targets;
  private final SortedMap<Name, Grant> grants;

  public DirectorySnapshot(
      long version,
      Collection<User> users,
      Collection<Group> groups,
      Collection<Target> targets,
      Collection<Grant> grants) {
    this.version = version;
    this.users = byName(users, User::name);
    this.groups = byName(groups, Group::name);
    this.targets = byName(targets, Target::name);
    this.grants = byName(grants, Grant::name);
  }

  /// An empty directory, before the first change.
  public static DirectorySnapshot empty() {
    return new DirectorySnapshot(0, List.of(), List.of(), List.of(), List.of());
  }

  private static <T> SortedMap<Name, T> byName(Collection<T> entries, Function<T, Name> name) {
    TreeMap<Name, T> map = new TreeMap<>();
    for (T entry : entries) {
      if (map.put(name.apply(entry), entry) != null) {
        throw new IllegalArgumentException("twice in the directory: " + name.apply(entry));
      }
    }
    return Collections.unmodifiableSortedMap(map);
  }

  /// This directory with `change` made, at `newVersion`.
  ///
  /// @throws IllegalArgumentException when the change writes an entry twice
  public DirectorySnapshot after(DirectoryChange change, long newVersion) {
    return new DirectorySnapshot(
        newVersion,
        merged(users, change.users(), change.deletedUsers(), User::name),
        merged(groups, change.groups(), change.deletedGroups(), Group::name),
        merged(targets, change.targets(), change.deletedTargets(), Target::name),
        merged(grants, change.grants(), change.deletedGrants(), Grant::name));
  }

  private static <T> List<T> merged(
      SortedMap<Name, T> old, List<T> written, Set<Name> deleted, Function<T, Name> name) {
    Set<Name> replaced = new HashSet<>(deleted);
    written.forEach(entry -> replaced.add(name.apply(entry)));
    List<T> merged = new ArrayList<>(old.size() + written.size());
    old.forEach(
        (key, entry) -> {
          if (!replaced.contains(key)) {
            merged.add(entry);
          }
        });
    merged.addAll(written);
    return merged;
  }

  /// Counts changes: greater means newer.
  public long version() {
    return version;
  }

  public Map<Name, User> users() {
    return users;
  }

  public Map<Name, Group> groups() {
    return groups;
  }

  public Map<Name, Target> targets() {
    return targets;
  }

  public Map<Name, Grant> grants() {
    return grants;
  }

  public Optional<User> user(Name name) {
    return Optional.ofNullable(users.get(name));
  }

  public Optional<Group> group(Name name) {
    return Optional.ofNullable(groups.get(name));
  }

  public Optional<Target> target(Name name) {
    return Optional.ofNullable(targets.get(name));
  }

  public Optional<Grant> grant(Name name) {
    return Optional.ofNullable(grants.get(name));
  }

  /// The users in `group`.
  public List<User> members(Name group) {
    return users.values().stream().filter(user -> user.groups().contains(group)).toList();
  }

  /// The active users with the admin role.
  public List<User> activeAdmins() {
    return users.values().stream().filter(u -> u.active() && u.has(Role.ADMIN)).toList();
  }

  /// The grants that name `user`, whatever their networks and end.
  public List<Grant> grantsFor(User user) {
    List<Grant> found = new ArrayList<>();
    for (Grant grant : grants.values()) {
      if (grant.who().includes(user)) {
        found.add(grant);
      }
    }
    return found;
  }
}
