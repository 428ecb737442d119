package org.ongsung.policy;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ongsung.directory.Directory;
import org.ongsung.model.Account;
import org.ongsung.model.Grant;
import org.ongsung.model.Name;
import org.ongsung.model.Target;
import org.ongsung.model.User;

/// Answers "who can reach this target?" and "what can she reach?": one row for each user, account
/// and grant, as things are now. Users who are not active and grants that have ended do not count;
/// source networks are told and not judged, since nobody is connecting.
///
/// Pure thought over one directory snapshot; for any thread, never waits.
public final class ReachQuestions {
  /// The most rows of one answer, inclusive.
  public static final int MAX_ROWS = 100_000;

  private final Directory directory;
  private final InstantSource clock;
  private final AccessIndex.Newest newest = new AccessIndex.Newest();

  public ReachQuestions(Directory directory, InstantSource clock) {
    this.directory = directory;
    this.clock = clock;
  }

  /// What was found.
  ///
  /// @param more whether there is more than was asked for
  public record Answer(List<ReachRow> rows, boolean more) {
    public Answer {
      rows = List.copyOf(rows);
    }
  }

  /// Who can reach `target`: by user, then account in the target's order, then grant.
  ///
  /// @param limit the most rows wanted, 1 to [#MAX_ROWS]
  public Answer whoReaches(Name target, int limit) {
    AccessIndex index = newest.of(directory.snapshot());
    Target found = index.snapshot().target(target).orElse(null);
    Rows rows = new Rows(limit);
    if (found != null) {
      Map<Name, List<Grant>> grants = new TreeMap<>();
      Instant now = clock.instant();
      for (Grant grant : index.grantsOn(found)) {
        if (grant.holdsAt(now)) {
          index.usersOf(grant).stream()
              .filter(User::active)
              .forEach(u -> grants.computeIfAbsent(u.name(), _ -> new ArrayList<>()).add(grant));
        }
      }
      grants.forEach((user, its) -> rows.add(user, found, its));
    }
    return rows.answer();
  }

  /// What `user` can reach: by target, then account in the target's order, then grant.
  ///
  /// @param limit the most rows wanted, 1 to [#MAX_ROWS]
  public Answer whatReaches(Name user, int limit) {
    AccessIndex index = newest.of(directory.snapshot());
    User found = index.snapshot().user(user).filter(User::active).orElse(null);
    Rows rows = new Rows(limit);
    if (found != null) {
      Map<Name, List<Grant>> grants = new TreeMap<>();
      Instant now = clock.instant();
      for (Grant grant : index.grantsFor(found)) {
        if (grant.holdsAt(now)) {
          for (Target target : index.targetsOf(grant)) {
            grants.computeIfAbsent(target.name(), _ -> new ArrayList<>()).add(grant);
          }
        }
      }
      grants.forEach(
          (name, its) ->
              index.snapshot().target(name).ifPresent(target -> rows.add(user, target, its)));
    }
    return rows.answer();
  }

  private static final class Rows {
    private final int limit;
    private final List<ReachRow> rows = new ArrayList<>();
    private boolean more;

    Rows(int limit) {
      if (limit < 1 || limit > MAX_ROWS) {
        throw new IllegalArgumentException("limit is 1 to " + MAX_ROWS);
      }
      this.limit = limit;
    }

    void add(Name user, Target target, List<Grant> grants) {
      for (Account account : target.accounts()) {
        for (Grant grant : grants) {
          if (more || !grant.as().contains(account.name())) {
            continue;
          }
          if (rows.size() == limit) {
            more = true;
            return;
          }
          rows.add(
              new ReachRow(
                  user,
                  target.name(),
                  account.name(),
                  grant.name(),
                  grant.may(),
                  grant.from(),
                  grant.until()));
        }
      }
    }

    Answer answer() {
      return new Answer(rows, more);
    }
  }
}
