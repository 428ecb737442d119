package org.ongsung.directory;

import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.Account;
import org.ongsung.model.Capability;
import org.ongsung.model.Grant;
import org.ongsung.model.Group;
import org.ongsung.model.HostKeyPolicy;
import org.ongsung.model.Name;
import org.ongsung.model.Protocol;
import org.ongsung.model.Role;
import org.ongsung.model.SecretKind;
import org.ongsung.model.SshPublicKey;
import org.ongsung.model.Target;
import org.ongsung.model.User;
import org.ongsung.vault.SecretId;

/// Says what a change does, entry by entry and field by field.
///
/// Two entries are the same here when all that people can see of them is; unlike with `equals` the
/// order of keys does not count, and the comment of a key does.
final class Differences {
  private static final String SET = "set";
  private static final DateTimeFormatter UNTIL = DateTimeFormatter.ISO_OFFSET_DATE_TIME;

  private final DirectorySnapshot before;
  private final DirectoryChange change;
  private final List<Difference> found = new ArrayList<>();

  private Differences(DirectorySnapshot before, DirectoryChange change) {
    this.before = before;
    this.change = change;
  }

  /// The differences in the order users, groups, targets, grants, each by name.
  static List<Difference> of(DirectorySnapshot before, DirectoryChange change) {
    return new Differences(before, change).all();
  }

  private List<Difference> all() {
    compare(
        Difference.Kind.USER,
        before.users(),
        written(change.users(), User::name),
        change.deletedUsers(),
        Differences::fields);
    compare(
        Difference.Kind.GROUP,
        before.groups(),
        written(change.groups(), Group::name),
        change.deletedGroups(),
        Differences::fields);
    compare(
        Difference.Kind.TARGET,
        before.targets(),
        written(targetsTouched(), Target::name),
        change.deletedTargets(),
        Differences::fields);
    compare(
        Difference.Kind.GRANT,
        before.grants(),
        written(change.grants(), Grant::name),
        change.deletedGrants(),
        Differences::fields);
    return found;
  }

  /// The targets written, and those whose secrets alone are.
  private Collection<Target> targetsTouched() {
    Map<Name, Target> touched = new TreeMap<>(written(change.targets(), Target::name));
    for (SecretId id : change.secrets().keySet()) {
      before.target(id.target()).ifPresent(target -> touched.putIfAbsent(id.target(), target));
    }
    return touched.values();
  }

  private static <T> Map<Name, T> written(Collection<T> entries, Function<T, Name> name) {
    return entries.stream().collect(Collectors.toMap(name, entry -> entry));
  }

  private <T> void compare(
      Difference.Kind kind,
      Map<Name, T> old,
      Map<Name, T> written,
      Set<Name> deleted,
      Function<T, Map<String, String>> fields) {
    Set<Name> names = new TreeSet<>(written.keySet());
    names.addAll(deleted);
    for (Name name : names) {
      T was = old.get(name);
      T is = written.get(name);
      if (was == null && is == null) {
        continue;
      }
      List<Difference.Change> changes =
          changes(
              was == null ? Map.of() : fields.apply(was), is == null ? Map.of() : fields.apply(is));
      changes.addAll(hidden(was, is));
      if (is == null) {
        found.add(new Difference(kind, name, Difference.Action.DELETE, changes));
      } else if (was == null) {
        found.add(new Difference(kind, name, Difference.Action.CREATE, changes));
      } else if (!changes.isEmpty()) {
        found.add(new Difference(kind, name, Difference.Action.CHANGE, changes));
      }
    }
  }

  private static List<Difference.Change> changes(
      Map<String, String> before, Map<String, String> after) {
    List<Difference.Change> changes = new ArrayList<>();
    Set<String> keys = new LinkedHashSet<>(after.keySet());
    keys.addAll(before.keySet());
    for (String key : keys) {
      String was = before.getOrDefault(key, "");
      String is = after.getOrDefault(key, "");
      if (!was.equals(is)) {
        changes.add(new Difference.Change(key, was, is));
      }
    }
    return changes;
  }

  /// Changes of what is never shown: both sides say `set`.
  private List<Difference.Change> hidden(@Nullable Object was, @Nullable Object is) {
    List<Difference.Change> changes = new ArrayList<>();
    if (was instanceof User old && is instanceof User user) {
      if (old.password() != null
          && user.password() != null
          && !Objects.equals(old.password(), user.password())) {
        changes.add(new Difference.Change("password", SET, "changed"));
      }
    }
    if (was instanceof Target old && is instanceof Target target) {
      for (Account account : target.accounts()) {
        for (SecretKind kind : account.secrets()) {
          if (change.secrets().containsKey(new SecretId(target.name(), account.name(), kind))
              && old.account(account.name())
                  .filter(there -> there.secrets().contains(kind))
                  .isPresent()) {
            changes.add(new Difference.Change(secretField(account, kind), SET, "changed"));
          }
        }
      }
    }
    return changes;
  }

  static Map<String, String> fields(User user) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("title", user.title().value());
    fields.put("roles", joined(user.roles().stream().sorted().map(Role::text)));
    fields.put("groups", sorted(user.groups()));
    fields.put("active", String.valueOf(user.active()));
    fields.put("password", user.password() == null ? "" : SET);
    fields.put("publicKeys", keys(user.publicKeys()));
    fields.put("language", user.language().locale().isEmpty() ? "" : user.language().text());
    return fields;
  }

  static Map<String, String> fields(Group group) {
    return Map.of("title", group.title().value());
  }

  static Map<String, String> fields(Target target) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("title", target.title().value());
    fields.put("protocol", target.protocol().text());
    fields.put("address", target.address().toString());
    new TreeMap<>(target.labels()).forEach((key, value) -> fields.put("labels." + key, value));
    if (target.protocol() == Protocol.SSH) {
      fields.put("hostKeyPolicy", target.hostKeyPolicy().text());
      fields.put(
          target.hostKeyPolicy() == HostKeyPolicy.PINNED ? "hostKeys" : "learnedHostKeys",
          keys(target.hostKeys()));
    }
    fields.put("encoding", target.encoding().text());
    fields.put("prompts.login", joined(target.prompts().login().stream()));
    fields.put("prompts.password", joined(target.prompts().password().stream()));
    fields.put("prompts.ready", joined(target.prompts().ready().stream()));
    fields.put("prompts.refused", joined(target.prompts().refused().stream()));
    target.accounts().stream()
        .sorted(java.util.Comparator.comparing(Account::name))
        .forEach(
            account -> {
              fields.put("accounts." + account.name() + ".login", account.login());
              for (SecretKind kind : EnumSet.allOf(SecretKind.class)) {
                if (account.secrets().contains(kind)) {
                  fields.put(secretField(account, kind), SET);
                }
              }
            });
    return fields;
  }

  private static String secretField(Account account, SecretKind kind) {
    return "accounts."
        + account.name()
        + switch (kind) {
          case PASSWORD -> ".password";
          case PRIVATE_KEY -> ".privateKey";
        };
  }

  static Map<String, String> fields(Grant grant) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("who.users", sorted(grant.who().users()));
    fields.put("who.groups", sorted(grant.who().groups()));
    fields.put("where.targets", sorted(grant.where().targets()));
    fields.put(
        "where.labels",
        joined(
            new TreeMap<>(grant.where().labels())
                .entrySet().stream().map(label -> label.getKey() + "=" + label.getValue())));
    fields.put("as", sorted(grant.as()));
    fields.put("may", joined(grant.may().stream().sorted().map(Capability::text)));
    fields.put("from", joined(grant.from().stream().map(Object::toString).sorted()));
    fields.put("until", grant.until() == null ? "" : UNTIL.format(grant.until()));
    Grant.Limits limits = grant.limits();
    fields.put("limits.idle", limits.idle() == null ? "" : DurationText.of(limits.idle()));
    fields.put(
        "limits.duration", limits.duration() == null ? "" : DurationText.of(limits.duration()));
    fields.put("limits.sessions", limits.sessions() == null ? "" : limits.sessions().toString());
    return fields;
  }

  private static String sorted(Set<Name> names) {
    return joined(names.stream().sorted().map(Name::toString));
  }

  private static String keys(List<SshPublicKey> keys) {
    return joined(
        keys.stream().map(key -> (key + " " + key.comment()).strip()).distinct().sorted());
  }

  private static String joined(Stream<String> words) {
    return words.collect(Collectors.joining(", "));
  }
}
