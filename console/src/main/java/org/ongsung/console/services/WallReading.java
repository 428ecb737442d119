package org.ongsung.console.services;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ongsung.console.http.Caller;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.directory.search.TargetIndex;
import org.ongsung.directory.wall.Wall;
import org.ongsung.model.Name;
import org.ongsung.model.Target;
import org.ongsung.policy.Authorizer;
import org.ongsung.policy.Reach;
import org.ongsung.recording.SessionStore;
import org.ongsung.recording.TargetUse;

/// What stands on one person's wall: the targets they may reach, those first that they have starred
/// or use, and what they look for among all of them. Blocks on the stores.
public final class WallReading {
  /// How many of somebody's newest sessions count for what they use.
  public static final int SESSIONS = 2_000;

  /// The most targets of one page, inclusive.
  public static final int PAGE = 50;

  /// The most targets that are shown as used lately, and as used often, inclusive each.
  private static final int SHORT_LIST = 6;

  /// A page further on would look at every target for nothing.
  private static final int MAX_PAGE = 1_000;

  private final ReachableTargets reachable;
  private final SessionStore sessions;
  private final Wall wall;
  private final TargetIndex.Newest index = new TargetIndex.Newest();

  public WallReading(ReachableTargets reachable, SessionStore sessions, Wall wall) {
    this.reachable = reachable;
    this.sessions = sessions;
    this.wall = wall;
  }

  /// One person's targets in the order of use.
  ///
  /// @param recent used lately, those starred apart
  /// @param often used often, those of the other lists apart
  /// @param others what is in no other list, by name, one page of it
  /// @param more whether another page follows
  public record Sections(
      List<WallTarget> starred,
      List<WallTarget> recent,
      List<WallTarget> often,
      List<WallTarget> others,
      boolean more) {
    public Sections {
      starred = List.copyOf(starred);
      recent = List.copyOf(recent);
      often = List.copyOf(often);
      others = List.copyOf(others);
    }

    /// Nothing at all.
    public static final Sections NONE =
        new Sections(List.of(), List.of(), List.of(), List.of(), false);

    /// Whether there is nothing at all.
    public boolean isEmpty() {
      return starred.isEmpty() && recent.isEmpty() && often.isEmpty() && others.isEmpty();
    }
  }

  /// What somebody looked for.
  ///
  /// @param more whether there is more than is shown
  public record Found(List<WallTarget> targets, boolean more) {
    public Found {
      targets = List.copyOf(targets);
    }
  }

  /// The wall of the caller; empty for `local-admin`.
  ///
  /// @param page of the other targets, from 1
  public Sections of(Caller caller, int page) {
    Optional<Authorizer.View> view = reachable.viewOf(caller);
    if (view.isEmpty()) {
      return Sections.NONE;
    }
    Usage usage = usage(caller);
    Set<Name> shown = new HashSet<>();
    List<WallTarget> starred = take(caller, view.get(), usage, usage.stars(), shown, PAGE * 4);
    List<WallTarget> recent = take(caller, view.get(), usage, usage.lastUsed(), shown, SHORT_LIST);
    List<WallTarget> often = take(caller, view.get(), usage, usage.mostUsed(), shown, SHORT_LIST);
    int skip = Math.clamp(page, 1, MAX_PAGE) * PAGE - PAGE;
    TargetIndex.Found others =
        index
            .of(view.get().snapshot())
            .find(
                "",
                _ -> false,
                target -> !shown.contains(target.name()) && view.get().includes(target),
                skip + PAGE);
    return new Sections(
        starred,
        recent,
        often,
        others.targets().stream()
            .skip(skip)
            .map(target -> shown(caller, view.get(), usage, target))
            .toList(),
        others.more());
  }

  private List<WallTarget> take(
      Caller caller,
      Authorizer.View view,
      Usage usage,
      List<Name> names,
      Set<Name> shown,
      int most) {
    List<WallTarget> taken = new ArrayList<>();
    for (Name name : names) {
      Target target = view.snapshot().target(name).orElse(null);
      if (taken.size() < most && target != null && !shown.contains(name) && view.includes(target)) {
        shown.add(name);
        taken.add(shown(caller, view, usage, target));
      }
    }
    return taken;
  }

  /// The caller's targets that fit `query`, best first; see [TargetIndex#find].
  ///
  /// @param limit the most that are wanted
  public Found find(Caller caller, String query, int limit) {
    Optional<Authorizer.View> view = reachable.viewOf(caller);
    if (view.isEmpty()) {
      return new Found(List.of(), false);
    }
    Usage usage = usage(caller);
    TargetIndex.Found found =
        index
            .of(view.get().snapshot())
            .find(query, usage::isFavourite, view.get()::includes, limit);
    return new Found(
        found.targets().stream().map(target -> shown(caller, view.get(), usage, target)).toList(),
        found.more());
  }

  private WallTarget shown(Caller caller, Authorizer.View view, Usage usage, Target target) {
    List<Reach> reaches = new ArrayList<>(view.reaches(target));
    reaches.sort(
        Comparator.comparingInt(
            reach -> usage.place(target.name(), reach.account().name()))); // stable
    @Nullable TargetUse use = usage.byTarget().get(target.name());
    return new WallTarget(
        reachable.shown(caller, target, reaches),
        usage.starred().contains(target.name()),
        use == null ? 0 : use.sessions(),
        use == null ? null : use.last());
  }

  /// Stars or unstars a target that the caller may reach.
  ///
  /// @throws HttpProblem 404 when there is no such target for them
  public void star(Caller caller, Name target, boolean starred) {
    Name user = caller.userName().orElseThrow(HttpProblem::notFound);
    if (!starred) {
      wall.unstar(user, target);
      return;
    }
    Authorizer.View view = reachable.viewOf(caller).orElseThrow(HttpProblem::notFound);
    if (view.snapshot().target(target).filter(view::includes).isEmpty()) {
      throw HttpProblem.notFound();
    }
    wall.star(user, target);
  }

  /// The stars and uses of one person.
  ///
  /// @param uses the account last used first
  /// @param byTarget all accounts of a target together
  private record Usage(
      List<Name> stars, Set<Name> starred, List<TargetUse> uses, Map<Name, TargetUse> byTarget) {
    boolean isFavourite(Target target) {
      return starred.contains(target.name()) || byTarget.containsKey(target.name());
    }

    List<Name> lastUsed() {
      return List.copyOf(new LinkedHashSet<>(uses.stream().map(TargetUse::target).toList()));
    }

    List<Name> mostUsed() {
      return byTarget.values().stream()
          .sorted(
              Comparator.comparingLong(TargetUse::sessions)
                  .reversed()
                  .thenComparing(TargetUse::target))
          .map(TargetUse::target)
          .toList();
    }

    int place(Name target, Name account) {
      for (int i = 0; i < uses.size(); i++) {
        if (uses.get(i).target().equals(target) && uses.get(i).account().equals(account)) {
          return i;
        }
      }
      return Integer.MAX_VALUE;
    }
  }

  private Usage usage(Caller caller) {
    Name user = caller.userName().orElseThrow(HttpProblem::notFound);
    List<Name> stars = wall.stars(user);
    List<TargetUse> uses = sessions.uses(user, SESSIONS);
    Map<Name, TargetUse> byTarget = new HashMap<>();
    for (TargetUse use : uses) {
      byTarget.merge(
          use.target(),
          use,
          (newer, older) ->
              new TargetUse(
                  newer.target(),
                  newer.account(),
                  newer.sessions() + older.sessions(),
                  newer.last()));
    }
    return new Usage(stars, new HashSet<>(stars), uses, byTarget);
  }
}
