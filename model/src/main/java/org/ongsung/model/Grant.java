package org.ongsung.model;

import java.net.InetAddress;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who may reach which accounts on which targets, to do what, from where and until when.
///
/// @param from source networks; empty means any
/// @param until the first moment at which the grant no longer holds; null means no end
public record Grant(
    Name name,
    Who who,
    Where where,
    Set<Name> as,
    Set<Capability> may,
    List<Network> from,
    @Nullable OffsetDateTime until,
    Limits limits) {

  public Grant {
    as = Set.copyOf(as);
    may = Set.copyOf(may);
    from = List.copyOf(from);
  }

  /// The people: users and members of groups, added up.
  public record Who(Set<Name> users, Set<Name> groups) {
    public Who {
      users = Set.copyOf(users);
      groups = Set.copyOf(groups);
    }

    /// Whether `user` is named or in a named group.
    public boolean includes(User user) {
      return users.contains(user.name()) || user.groups().stream().anyMatch(groups::contains);
    }
  }

  /// The targets: those named and those whose labels match, added up. Every label of the map must
  /// match; an empty map matches nothing.
  public record Where(Set<Name> targets, java.util.Map<String, String> labels) {
    public Where {
      targets = Set.copyOf(targets);
      labels = java.util.Map.copyOf(labels);
      Labels.check(labels);
    }

    /// Whether `target` is named or carries every label.
    public boolean includes(Target target) {
      return targets.contains(target.name())
          || (!labels.isEmpty() && target.labels().entrySet().containsAll(labels.entrySet()));
    }
  }

  /// What bounds each session of a grant; null means no bound of that kind.
  ///
  /// @param idle longest time without a byte from the person
  /// @param duration longest time from start to end
  /// @param sessions most live sessions of one user under this grant, inclusive
  public record Limits(
      @Nullable Duration idle, @Nullable Duration duration, @Nullable Integer sessions) {
    /// No bounds.
    public static final Limits NONE = new Limits(null, null, null);

    public Limits {
      requirePositive(idle, "idle");
      requirePositive(duration, "duration");
      if (sessions != null && sessions < 1) {
        throw new IllegalArgumentException("limits.sessions is at least 1");
      }
    }

    private static void requirePositive(@Nullable Duration value, String key) {
      if (value != null && !value.isPositive()) {
        throw new IllegalArgumentException("limits." + key + " is longer than nothing");
      }
    }
  }

  /// Whether the grant may be used from `source`.
  public boolean allowsFrom(InetAddress source) {
    return from.isEmpty() || from.stream().anyMatch(network -> network.contains(source));
  }

  /// Whether the grant still holds at `instant`.
  public boolean holdsAt(java.time.Instant instant) {
    return until == null || instant.isBefore(until.toInstant());
  }
}
