package org.ongsung.policy;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.ongsung.directory.Directory;
import org.ongsung.directory.DirectorySnapshot;
import org.ongsung.model.Account;
import org.ongsung.model.Grant;
import org.ongsung.model.Name;
import org.ongsung.model.Target;
import org.ongsung.model.User;

/// Says who may reach what: the only maker of [TargetGrant]s. Pure thought over one directory
/// snapshot; never blocks.
public final class Authorizer {
  private static final Comparator<Grant> MOST_PERMISSIVE_FIRST =
      Comparator.<Grant>comparingInt(grant -> -grant.may().size()).thenComparing(Grant::name);

  private final Directory directory;
  private final InstantSource clock;
  private final AccessIndex.Newest newest = new AccessIndex.Newest();

  public Authorizer(Directory directory, InstantSource clock) {
    this.directory = directory;
    this.clock = clock;
  }

  /// Decides `request` for `user` on the directory as it is now.
  public Decision authorise(AuthenticatedUser user, AccessRequest request) {
    DirectorySnapshot snapshot = directory.snapshot();
    User now = snapshot.user(user.user().name()).filter(User::active).orElse(null);
    if (now == null) {
      return new Decision.Deny("user is gone or not active");
    }
    Target target = named(request.target()).flatMap(snapshot::target).orElse(null);
    if (target == null) {
      return new Decision.Deny("no such target");
    }
    List<Grant> grants =
        usable(newest.of(snapshot), user, now).stream()
            .filter(grant -> grant.where().includes(target))
            .toList();
    List<Reach> reaches = reaches(target, grants);
    if (reaches.isEmpty()) {
      return new Decision.Deny("no grant");
    }
    if (request.account() == null) {
      return reaches.size() == 1
          ? permit(user, target, reaches.getFirst())
          : new Decision.Choose(target, reaches.stream().map(Reach::account).toList());
    }
    return named(request.account())
        .flatMap(
            account -> reaches.stream().filter(r -> r.account().name().equals(account)).findFirst())
        .map(reach -> permit(user, target, reach))
        .orElseGet(() -> new Decision.Deny("no grant for that account"));
  }

  /// How a permission stands later on.
  public enum Standing {
    /// The session may go on.
    HOLDS,
    /// The grant's time is over, and that is all.
    OVER,
    /// Somebody took it away.
    WITHDRAWN
  }

  /// Whether a session under `grant` may go on; see [#standing].
  public boolean stillHolds(TargetGrant grant) {
    return standing(grant) == Standing.HOLDS;
  }

  /// How `grant` stands now. It holds while the user is active, target and account are still there,
  /// and a grant of that name still allows all of it from the same source.
  public Standing standing(TargetGrant grant) {
    DirectorySnapshot snapshot = directory.snapshot();
    User user = snapshot.user(grant.user().user().name()).filter(User::active).orElse(null);
    Target target = snapshot.target(grant.target().name()).orElse(null);
    Grant now = snapshot.grant(grant.grant().name()).orElse(null);
    if (user == null || target == null || now == null) {
      return Standing.WITHDRAWN;
    }
    boolean allows =
        target.address().equals(grant.target().address())
            && target.account(grant.account().name()).isPresent()
            && now.may().containsAll(grant.capabilities())
            && now.who().includes(user)
            && now.where().includes(target)
            && now.as().contains(grant.account().name())
            && now.allowsFrom(grant.user().source());
    if (!allows) {
      return Standing.WITHDRAWN;
    }
    return now.holdsAt(clock.instant()) ? Standing.HOLDS : Standing.OVER;
  }

  /// The targets and accounts that `user` may reach now, from where they are, sorted by target.
  public List<ReachableTarget> reachable(AuthenticatedUser user) {
    DirectorySnapshot snapshot = directory.snapshot();
    User now = snapshot.user(user.user().name()).filter(User::active).orElse(null);
    if (now == null) {
      return List.of();
    }
    AccessIndex index = newest.of(snapshot);
    Map<Name, List<Grant>> grants = new TreeMap<>();
    for (Grant grant : usable(index, user, now)) {
      for (Target target : index.targetsOf(grant)) {
        grants.computeIfAbsent(target.name(), _ -> new ArrayList<>()).add(grant);
      }
    }
    List<ReachableTarget> found = new ArrayList<>();
    grants.forEach(
        (name, its) -> {
          Target target = snapshot.target(name).orElseThrow();
          List<Reach> reaches = reaches(target, its);
          if (!reaches.isEmpty()) {
            found.add(new ReachableTarget(target, reaches));
          }
        });
    return found;
  }

  /// What one user may reach at one moment from where they are, asked target by target: cheaper
  /// than [#reachable] where few of many targets are wanted. Gives no permission. For any thread.
  public static final class View {
    private final DirectorySnapshot snapshot;
    private final List<Grant> grants;

    private View(DirectorySnapshot snapshot, List<Grant> grants) {
      this.snapshot = snapshot;
      this.grants = grants;
    }

    /// The directory that it is a view of.
    public DirectorySnapshot snapshot() {
      return snapshot;
    }

    /// The accounts of `target` that the user may use, each with the best grant; empty for none.
    /// The target need not be in the directory.
    public List<Reach> reaches(Target target) {
      List<Grant> about = new ArrayList<>();
      for (Grant grant : grants) {
        if (grant.where().includes(target)) {
          about.add(grant);
        }
      }
      return about.isEmpty() ? List.of() : Authorizer.reaches(target, about);
    }

    /// Whether the user may use any account of `target`.
    public boolean includes(Target target) {
      for (Grant grant : grants) {
        if (grant.where().includes(target)
            && target.accounts().stream()
                .anyMatch(account -> grant.as().contains(account.name()))) {
          return true;
        }
      }
      return false;
    }
  }

  /// What `user` may reach now.
  public View viewOf(AuthenticatedUser user) {
    DirectorySnapshot snapshot = directory.snapshot();
    User now = snapshot.user(user.user().name()).filter(User::active).orElse(null);
    return new View(snapshot, now == null ? List.of() : usable(newest.of(snapshot), user, now));
  }

  private Decision permit(AuthenticatedUser user, Target target, Reach reach) {
    return new Decision.Permit(new TargetGrant(user, target, reach.account(), reach.grant()));
  }

  /// The grants for `user` that hold now and from where they are.
  private List<Grant> usable(AccessIndex index, AuthenticatedUser who, User user) {
    Instant now = clock.instant();
    return index.grantsFor(user).stream()
        .filter(grant -> grant.holdsAt(now) && grant.allowsFrom(who.source()))
        .toList();
  }

  /// The accounts of `target` that `grants`, all of them about it, lend; each with the best grant.
  private static List<Reach> reaches(Target target, List<Grant> grants) {
    List<Reach> reaches = new ArrayList<>();
    for (Account account : target.accounts()) {
      grants.stream()
          .filter(grant -> grant.as().contains(account.name()))
          .min(MOST_PERMISSIVE_FIRST)
          .ifPresent(grant -> reaches.add(new Reach(account, grant)));
    }
    return reaches;
  }

  private static Optional<Name> named(String text) {
    return Name.isValid(text) ? Optional.of(Name.of(text)) : Optional.empty();
  }
}
