package org.ongsung.console.page;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.ongsung.directory.Difference;
import org.ongsung.directory.DirectorySnapshot;
import org.ongsung.model.Account;
import org.ongsung.model.Capability;
import org.ongsung.model.Grant;
import org.ongsung.model.Name;
import org.ongsung.model.Target;
import org.ongsung.model.User;

/// Turns the directory into lists for people.
final class EntryLists {
  private EntryLists() {}

  static String word(Difference.Kind kind) {
    return kind.text() + "s";
  }

  static EntryList of(DirectorySnapshot now, Difference.Kind kind, Page page) {
    String word = word(kind);
    return switch (kind) {
      case USER ->
          new EntryList(
              word,
              List.of("field.name", "field.title", "field.roles", "field.groups", "field.login"),
              now.users().values().stream().map(user -> row(user, page)).toList());
      case GROUP ->
          new EntryList(
              word,
              List.of("field.name", "field.title", "field.members"),
              now.groups().values().stream()
                  .map(
                      group ->
                          new EntryList.Row(
                              group.name().value(),
                              false,
                              List.of(
                                  group.title().value(),
                                  names(
                                      now.members(group.name()).stream()
                                          .map(User::name)
                                          .toList()))))
                  .toList());
      case TARGET ->
          new EntryList(
              word,
              List.of(
                  "field.name", "field.title", "field.address", "field.accounts", "field.labels"),
              now.targets().values().stream().map(EntryLists::row).toList());
      case GRANT ->
          new EntryList(
              word,
              List.of(
                  "field.name", "field.who", "field.where", "field.as", "field.may", "field.end"),
              now.grants().values().stream().map(grant -> row(grant, page)).toList());
    };
  }

  private static EntryList.Row row(User user, Page page) {
    return new EntryList.Row(
        user.name().value(),
        !user.active(),
        List.of(
            user.title().value(),
            user.roles().stream()
                .sorted()
                .map(role -> page.word("role", role.text()))
                .collect(Collectors.joining(", ")),
            names(user.groups()),
            user.active()
                ? page.t(
                    user.password() == null ? "users.keys-only" : "users.with-password",
                    user.publicKeys().size())
                : page.t("users.inactive")));
  }

  private static EntryList.Row row(Target target) {
    return new EntryList.Row(
        target.name().value(),
        target.accounts().isEmpty(),
        List.of(
            target.title().value(),
            target.address().toString(),
            names(target.accounts().stream().map(Account::name).toList()),
            pairs(target.labels())));
  }

  private static EntryList.Row row(Grant grant, Page page) {
    String labels = pairs(grant.where().labels());
    return new EntryList.Row(
        grant.name().value(),
        !grant.holdsAt(page.now()),
        List.of(
            joined(names(grant.who().users()), at(names(grant.who().groups()))),
            joined(names(grant.where().targets()), labels),
            names(grant.as()),
            grant.may().stream()
                .sorted()
                .map(Capability::text)
                .map(may -> page.word("capability", may))
                .collect(Collectors.joining(", ")),
            grant.until() == null
                ? page.t("grants.no-end")
                : page.timeAndZone(grant.until().toInstant())));
  }

  private static String at(String groups) {
    return groups.isEmpty() ? "" : "@" + groups.replace(", ", ", @");
  }

  private static String joined(String one, String other) {
    return one.isEmpty() ? other : other.isEmpty() ? one : one + ", " + other;
  }

  private static String names(Collection<Name> names) {
    return names.stream().sorted().map(Name::value).collect(Collectors.joining(", "));
  }

  private static String pairs(Map<String, String> labels) {
    return labels.entrySet().stream()
        .map(label -> label.getKey() + "=" + label.getValue())
        .sorted()
        .collect(Collectors.joining(", "));
  }
}
