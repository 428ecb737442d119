package org.ongsung.directory;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.ongsung.model.Grant;
import org.ongsung.model.Group;
import org.ongsung.model.Name;
import org.ongsung.model.Target;
import org.ongsung.model.User;

/// A change that keeps the rules of the directory, together with all that follows from it.
///
/// The rules: a grant names users, groups and targets that are there, and is about somebody,
/// somewhere, as someone, to do something; a group that a user names comes into being with that
/// user, and goes only when nobody is in it; somebody active is an admin; nobody has a name that
/// means another in the ledger; the vault holds exactly the secrets that the accounts say, so
/// secrets go with their account; no count passes its limit.
///
/// @param change without entries that would be written as they are, with groups named for the first
///   time, and with the end of secrets whose account goes
/// @param after the directory once it is made, at the next version
/// @param differences what it does, fit for people and ledger
public record CheckedChange(
    DirectoryChange change, DirectorySnapshot after, List<Difference> differences) {
  public CheckedChange {
    differences = List.copyOf(differences);
  }

  /// Checks `asked` against `before`; makes nothing durable.
  ///
  /// @throws DirectoryRuleException when a rule would be broken; names every broken one
  public static CheckedChange of(
      DirectorySnapshot before, DirectoryChange asked, DirectoryLimits limits) {
    List<Problem> contradictions = DirectoryRules.contradictions(asked);
    if (!contradictions.isEmpty()) {
      throw new DirectoryRuleException(contradictions);
    }
    DirectoryChange completed = DirectoryRules.completed(before, asked);
    List<Difference> differences = Differences.of(before, completed);
    DirectoryChange change = onlyDifferent(completed, differences);
    if (change.isEmpty()) {
      return new CheckedChange(change, before, List.of());
    }
    DirectorySnapshot after = before.after(change, before.version() + 1);
    List<Problem> problems = new DirectoryRules(limits).problems(before, change, after);
    if (!problems.isEmpty()) {
      throw new DirectoryRuleException(problems);
    }
    return new CheckedChange(change, after, differences);
  }

  private static DirectoryChange onlyDifferent(
      DirectoryChange change, List<Difference> differences) {
    return new DirectoryChange(
        kept(change.users(), User::name, differences, Difference.Kind.USER),
        kept(change.groups(), Group::name, differences, Difference.Kind.GROUP),
        kept(change.targets(), Target::name, differences, Difference.Kind.TARGET),
        kept(change.grants(), Grant::name, differences, Difference.Kind.GRANT),
        deleted(differences, Difference.Kind.USER),
        deleted(differences, Difference.Kind.GROUP),
        deleted(differences, Difference.Kind.TARGET),
        deleted(differences, Difference.Kind.GRANT),
        change.secrets(),
        change.deletedSecrets());
  }

  private static <T> List<T> kept(
      List<T> entries, Function<T, Name> name, List<Difference> differences, Difference.Kind kind) {
    Set<Name> different = names(differences, difference -> difference.kind() == kind);
    return entries.stream().filter(entry -> different.contains(name.apply(entry))).toList();
  }

  private static Set<Name> deleted(List<Difference> differences, Difference.Kind kind) {
    return names(differences, d -> d.kind() == kind && d.action() == Difference.Action.DELETE);
  }

  private static Set<Name> names(List<Difference> differences, Predicate<Difference> which) {
    return differences.stream().filter(which).map(Difference::name).collect(Collectors.toSet());
  }
}
