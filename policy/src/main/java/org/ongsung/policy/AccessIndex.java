package org.ongsung.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.ongsung.directory.DirectorySnapshot;
import org.ongsung.model.Grant;
import org.ongsung.model.Name;
import org.ongsung.model.Target;
import org.ongsung.model.User;

/// The same directory looked at from other sides: which grants a person or a target has, which
/// targets carry a label. Says what grants name, whatever their networks and end.
///
/// Immutable but for what it remembers once computed; for any thread. The label side is built only
/// when somebody asks for it, since a decision about one target does not need it.
final class AccessIndex {
  private final DirectorySnapshot snapshot;
  private final Map<Name, List<Grant>> byUser = new HashMap<>();
  private final Map<Name, List<Grant>> byGroup = new HashMap<>();
  private volatile @Nullable Sides sides;

  private record Label(String key, String value) {}

  /// @param targets which carry the label, by name
  /// @param grants which name the label first of all their labels, in the order of keys
  private record Sides(
      Map<Label, List<Target>> targets,
      Map<Label, List<Grant>> grants,
      Map<Name, List<Grant>> grantsByTarget,
      Map<Name, List<User>> members) {}

  AccessIndex(DirectorySnapshot snapshot) {
    this.snapshot = snapshot;
    for (Grant grant : snapshot.grants().values()) {
      grant.who().users().forEach(user -> add(byUser, user, grant));
      grant.who().groups().forEach(group -> add(byGroup, group, grant));
    }
  }

  DirectorySnapshot snapshot() {
    return snapshot;
  }

  /// The grants that are for `user`, by name.
  Collection<Grant> grantsFor(User user) {
    Map<Name, Grant> found = new TreeMap<>();
    byUser.getOrDefault(user.name(), List.of()).forEach(grant -> found.put(grant.name(), grant));
    for (Name group : user.groups()) {
      byGroup.getOrDefault(group, List.of()).forEach(grant -> found.put(grant.name(), grant));
    }
    return found.values();
  }

  /// The grants that are about `target`, by name.
  Collection<Grant> grantsOn(Target target) {
    Map<Name, Grant> found = new TreeMap<>();
    Sides now = sides();
    now.grantsByTarget()
        .getOrDefault(target.name(), List.of())
        .forEach(grant -> found.put(grant.name(), grant));
    target
        .labels()
        .forEach(
            (key, value) -> {
              for (Grant grant : now.grants().getOrDefault(new Label(key, value), List.of())) {
                if (grant.where().includes(target)) {
                  found.put(grant.name(), grant);
                }
              }
            });
    return found.values();
  }

  /// The targets that `grant` is about.
  Collection<Target> targetsOf(Grant grant) {
    Map<Name, Target> found = new HashMap<>(); // by name: the hash of a whole target is dear
    for (Name name : grant.where().targets()) {
      snapshot.target(name).ifPresent(target -> found.put(name, target));
    }
    Map<Label, List<Target>> byLabel = sides().targets();
    grant.where().labels().entrySet().stream()
        .map(l -> byLabel.getOrDefault(new Label(l.getKey(), l.getValue()), List.of()))
        .min(Comparator.comparingInt(List::size))
        .ifPresent(
            rarest -> {
              for (Target target : rarest) {
                if (grant.where().includes(target)) {
                  found.put(target.name(), target);
                }
              }
            });
    return found.values();
  }

  /// The users, active or not, that `grant` is for, by name.
  Collection<User> usersOf(Grant grant) {
    Map<Name, User> found = new TreeMap<>();
    for (Name name : grant.who().users()) {
      snapshot.user(name).ifPresent(user -> found.put(name, user));
    }
    Map<Name, List<User>> members = sides().members();
    for (Name group : grant.who().groups()) {
      members.getOrDefault(group, List.of()).forEach(user -> found.put(user.name(), user));
    }
    return found.values();
  }

  private Sides sides() {
    Sides known = sides;
    if (known == null) {
      known = buildSides(); // twice at worst, with the same result
      sides = known;
    }
    return known;
  }

  private Sides buildSides() {
    Sides built = new Sides(new HashMap<>(), new HashMap<>(), new HashMap<>(), new HashMap<>());
    for (Target target : snapshot.targets().values()) {
      target.labels().forEach((key, value) -> add(built.targets(), new Label(key, value), target));
    }
    for (Grant grant : snapshot.grants().values()) {
      grant.where().targets().forEach(target -> add(built.grantsByTarget(), target, grant));
      Map<String, String> labels = grant.where().labels();
      if (!labels.isEmpty()) {
        String key = new TreeSet<>(labels.keySet()).first();
        add(built.grants(), new Label(key, labels.getOrDefault(key, "")), grant);
      }
    }
    for (User user : snapshot.users().values()) {
      user.groups().forEach(group -> add(built.members(), group, user));
    }
    return built;
  }

  private static <K, V> void add(Map<K, List<V>> map, K key, V value) {
    map.computeIfAbsent(key, _ -> new ArrayList<>()).add(value);
  }

  /// The index of the newest snapshot that was asked for; for any thread.
  static final class Newest {
    private volatile AccessIndex index = new AccessIndex(DirectorySnapshot.empty());

    AccessIndex of(DirectorySnapshot snapshot) {
      AccessIndex now = index;
      if (now.snapshot() != snapshot) {
        now = new AccessIndex(snapshot);
        index = now;
      }
      return now;
    }
  }
}
