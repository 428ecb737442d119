package org.ongsung.console.services;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.ongsung.directory.Directory;
import org.ongsung.directory.DirectorySnapshot;
import org.ongsung.model.Account;
import org.ongsung.model.Capability;
import org.ongsung.model.Grant;
import org.ongsung.model.Name;
import org.ongsung.model.Network;
import org.ongsung.model.Target;
import org.ongsung.model.User;

/// Answers "who can reach this?" and "what can she reach?", grant by grant. Says also what is only
/// held up by a user who is not active or a grant that has ended, marked so; source networks are
/// listed, not judged.
public final class ReachQuestions {
  private final Directory directory;
  private final InstantSource clock;

  public ReachQuestions(Directory directory, InstantSource clock) {
    this.directory = directory;
    this.clock = clock;
  }

  /// Every way of `user`, by target, account and grant; empty when there is no such user.
  public List<ReachRow> ofUser(Name user) {
    DirectorySnapshot now = directory.snapshot();
    List<ReachRow> rows = new ArrayList<>();
    now.user(user)
        .ifPresent(
            found -> now.targets().values().forEach(target -> addRows(rows, now, found, target)));
    return rows;
  }

  /// Every way to `target`, by user, account and grant; empty when there is no such target.
  public List<ReachRow> ofTarget(Name target) {
    DirectorySnapshot now = directory.snapshot();
    List<ReachRow> rows = new ArrayList<>();
    now.target(target)
        .ifPresent(found -> now.users().values().forEach(user -> addRows(rows, now, user, found)));
    return rows;
  }

  private void addRows(List<ReachRow> rows, DirectorySnapshot now, User user, Target target) {
    Instant at = clock.instant();
    List<Grant> grants =
        now.grantsFor(user).stream().filter(grant -> grant.where().includes(target)).toList();
    for (Account account : target.accounts()) {
      for (Grant grant : grants) {
        if (grant.as().contains(account.name())) {
          rows.add(row(user, target, account, grant, at));
        }
      }
    }
  }

  private static ReachRow row(User user, Target target, Account account, Grant grant, Instant at) {
    return new ReachRow(
        user.name().value(),
        user.title().value(),
        target.name().value(),
        target.title().value(),
        account.name().value(),
        grant.name().value(),
        grant.may().stream().sorted().map(Capability::text).toList(),
        grant.from().stream().map(Network::toString).toList(),
        grant.until(),
        user.active(),
        !grant.holdsAt(at));
  }
}
