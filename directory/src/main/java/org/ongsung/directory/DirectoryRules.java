package org.ongsung.directory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.ongsung.model.Account;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.Grant;
import org.ongsung.model.Group;
import org.ongsung.model.Name;
import org.ongsung.model.SecretKind;
import org.ongsung.model.Target;
import org.ongsung.model.Title;
import org.ongsung.model.User;
import org.ongsung.vault.SecretId;

/// The rules that [CheckedChange] tells, one by one. Pure thought, no state.
final class DirectoryRules {
  private static final int SHOWN_NAMES = 5;

  private static final Set<String> RESERVED = Set.of(AuditEvent.SYSTEM, Actor.LOCAL_ADMIN);

  private final DirectoryLimits limits;

  DirectoryRules(DirectoryLimits limits) {
    this.limits = limits;
  }

  /// `change` with what follows from it: groups that its users name for the first time, and the end
  /// of secrets whose account goes or no longer has them.
  static DirectoryChange completed(DirectorySnapshot before, DirectoryChange change) {
    Set<Name> known = new HashSet<>(before.groups().keySet());
    known.removeAll(change.deletedGroups());
    change.groups().forEach(group -> known.add(group.name()));
    List<Group> groups = new ArrayList<>(change.groups());
    for (User user : change.users()) {
      for (Name group : new TreeSet<>(user.groups())) {
        if (!change.deletedGroups().contains(group) && known.add(group)) {
          groups.add(new Group(group, Title.NONE));
        }
      }
    }
    Set<SecretId> deleted = new HashSet<>(change.deletedSecrets());
    for (Target target : change.targets()) {
      before.target(target.name()).ifPresent(old -> deleted.addAll(lost(old, target)));
    }
    for (Name name : change.deletedTargets()) {
      before.target(name).ifPresent(old -> deleted.addAll(secretsOf(old)));
    }
    deleted.removeAll(change.secrets().keySet());
    return new DirectoryChange(
        change.users(),
        groups,
        change.targets(),
        change.grants(),
        change.deletedUsers(),
        change.deletedGroups(),
        change.deletedTargets(),
        change.deletedGrants(),
        change.secrets(),
        deleted);
  }

  private static Set<SecretId> lost(Target before, Target after) {
    Set<SecretId> lost = secretsOf(before);
    lost.removeAll(secretsOf(after));
    return lost;
  }

  static Set<SecretId> secretsOf(Target target) {
    Set<SecretId> ids = new HashSet<>();
    for (Account account : target.accounts()) {
      for (SecretKind kind : account.secrets()) {
        ids.add(new SecretId(target.name(), account.name(), kind));
      }
    }
    return ids;
  }

  /// What is wrong with a change that is sound in itself and would lead to `after`; empty when
  /// nothing is.
  List<Problem> problems(
      DirectorySnapshot before, DirectoryChange change, DirectorySnapshot after) {
    List<Problem> problems = new ArrayList<>();
    if (after.activeAdmins().isEmpty()) {
      problems.add(
          Problem.of(Problem.Code.NO_ADMIN, "at least one active user must have the role admin"));
    }
    for (User user : change.users()) {
      if (RESERVED.contains(user.name().value())) {
        problems.add(
            Problem.of(
                Problem.Code.RESERVED_NAME,
                "no user can be named " + user.name() + ": the ledger means another by it",
                user.name()));
      }
    }
    count(problems, "users", after.users().size(), limits.users());
    count(problems, "groups", after.groups().size(), limits.groups());
    count(problems, "targets", after.targets().size(), limits.targets());
    count(problems, "grants", after.grants().size(), limits.grants());
    membership(problems, change, after);
    for (Grant grant : after.grants().values()) {
      Grant.Who who = grant.who();
      missing(problems, Problem.Code.GRANT_NAMES_USERS, grant, who.users(), after.users().keySet());
      missing(
          problems, Problem.Code.GRANT_NAMES_GROUPS, grant, who.groups(), after.groups().keySet());
      missing(
          problems,
          Problem.Code.GRANT_NAMES_TARGETS,
          grant,
          grant.where().targets(),
          after.targets().keySet());
    }
    change.grants().forEach(grant -> shape(problems, grant));
    secrets(problems, before, change, after);
    return problems;
  }

  /// Names that a change writes twice, or writes and deletes; such a change means nothing.
  static List<Problem> contradictions(DirectoryChange change) {
    List<Problem> problems = new ArrayList<>();
    once(problems, "user", change.users().stream().map(User::name), change.deletedUsers());
    once(problems, "group", change.groups().stream().map(Group::name), change.deletedGroups());
    once(problems, "target", change.targets().stream().map(Target::name), change.deletedTargets());
    once(problems, "grant", change.grants().stream().map(Grant::name), change.deletedGrants());
    return problems;
  }

  private static void once(
      List<Problem> problems,
      String kind,
      java.util.stream.Stream<Name> written,
      Set<Name> deleted) {
    Set<Name> seen = new HashSet<>(deleted);
    written
        .filter(name -> !seen.add(name))
        .distinct()
        .forEach(
            name ->
                problems.add(
                    Problem.of(
                        Problem.Code.WRITTEN_TWICE,
                        kind + " " + name + " is written twice",
                        kind,
                        name)));
  }

  private static void count(List<Problem> problems, String what, int count, int limit) {
    if (count > limit) {
      problems.add(
          Problem.of(
              Problem.Code.TOO_MANY,
              "at most " + limit + " " + what + "; these would be " + count,
              what,
              limit,
              count));
    }
  }

  private static void membership(
      List<Problem> problems, DirectoryChange change, DirectorySnapshot after) {
    if (change.deletedGroups().isEmpty()) {
      return;
    }
    for (Name group : new TreeSet<>(change.deletedGroups())) {
      List<Name> members = after.members(group).stream().map(User::name).toList();
      if (!members.isEmpty()) {
        problems.add(
            Problem.of(
                Problem.Code.GROUP_HAS_MEMBERS,
                "group " + group + " still has members: " + shown(members),
                group,
                shown(members)));
      }
    }
  }

  private static void missing(
      List<Problem> problems, Problem.Code code, Grant grant, Set<Name> named, Set<Name> there) {
    List<Name> missing = named.stream().filter(name -> !there.contains(name)).sorted().toList();
    if (!missing.isEmpty()) {
      String kind =
          switch (code) {
            case GRANT_NAMES_USERS -> "users";
            case GRANT_NAMES_GROUPS -> "groups";
            default -> "targets";
          };
      problems.add(
          Problem.of(
              code,
              "grant " + grant.name() + " names " + kind + " that do not exist: " + shown(missing),
              grant.name(),
              shown(missing)));
    }
  }

  private void shape(List<Problem> problems, Grant grant) {
    String subject = "grant " + grant.name();
    if (grant.who().users().isEmpty() && grant.who().groups().isEmpty()) {
      problems.add(
          Problem.of(
              Problem.Code.GRANT_FOR_NOBODY,
              subject + " is for nobody: name users or groups under who",
              grant.name()));
    }
    if (grant.where().targets().isEmpty() && grant.where().labels().isEmpty()) {
      problems.add(
          Problem.of(
              Problem.Code.GRANT_FOR_NO_TARGET,
              subject + " is for no target: name targets or labels under where",
              grant.name()));
    }
    if (grant.as().isEmpty()) {
      problems.add(
          Problem.of(
              Problem.Code.GRANT_WITHOUT_ACCOUNT,
              subject + " lends no account: name accounts under as",
              grant.name()));
    }
    if (grant.may().isEmpty()) {
      problems.add(
          Problem.of(
              Problem.Code.GRANT_ALLOWS_NOTHING,
              subject + " allows nothing: say what under may",
              grant.name()));
    }
    for (Collection<?> listed :
        List.of(
            grant.who().users(),
            grant.who().groups(),
            grant.where().targets(),
            grant.as(),
            grant.from())) {
      if (listed.size() > limits.namesPerGrant()) {
        problems.add(
            Problem.of(
                Problem.Code.GRANT_TOO_LONG,
                subject + " lists more than " + limits.namesPerGrant() + " names of a kind",
                grant.name(),
                limits.namesPerGrant()));
      }
    }
  }

  private static void secrets(
      List<Problem> problems,
      DirectorySnapshot before,
      DirectoryChange change,
      DirectorySnapshot after) {
    for (SecretId id : change.secrets().keySet()) {
      if (!declares(after, id)) {
        problems.add(
            Problem.of(
                Problem.Code.SECRET_NOT_DECLARED,
                "a secret was given for " + id + ", which has none",
                id));
      }
    }
    for (SecretId id : change.deletedSecrets()) {
      if (declares(after, id)) {
        problems.add(
            Problem.of(
                Problem.Code.SECRET_IN_USE,
                "the secret of " + id + " cannot go while the account says it has one",
                id));
      }
    }
    for (Target target : change.targets()) {
      for (SecretId id : secretsOf(target)) {
        if (!change.secrets().containsKey(id) && !declares(before, id)) {
          problems.add(
              Problem.of(Problem.Code.SECRET_MISSING, "no secret was given for " + id, id));
        }
      }
    }
  }

  private static boolean declares(DirectorySnapshot snapshot, SecretId id) {
    Optional<Account> account = snapshot.target(id.target()).flatMap(t -> t.account(id.account()));
    return account.isPresent() && account.get().secrets().contains(id.kind());
  }

  private static String shown(List<Name> names) {
    String text =
        names.stream().limit(SHOWN_NAMES).map(Name::toString).collect(Collectors.joining(", "));
    int rest = names.size() - SHOWN_NAMES;
    return rest > 0 ? text + " and " + rest + " more" : text;
  }
}
