package org.ongsung.console.services;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A target on somebody's wall: how to get there, and how they did so far.
///
/// @param reachable the account last used stands first
/// @param starred whether they have starred it
/// @param sessions how many of their newest sessions went there
/// @param last when the newest started; null for none
public record WallTarget(
    Reachable reachable, boolean starred, long sessions, @Nullable Instant last) {
  /// The account that *connect* means when nobody says another: the one last used, else the first.
  /// Null where nothing can be typed.
  public Reachable.@Nullable AccountWay first() {
    List<Reachable.AccountWay> ways = reachable.accounts();
    return ways.stream().filter(way -> !way.commands().isEmpty()).findFirst().orElse(null);
  }
}
