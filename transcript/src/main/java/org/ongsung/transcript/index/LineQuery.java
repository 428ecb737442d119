package org.ongsung.transcript.index;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.Name;
import org.ongsung.model.SessionId;
import org.ongsung.transcript.line.Direction;
import org.ongsung.transcript.query.LinePattern;

/// Which lines to look for, newest first; null means any, as an empty set of kinds or directions
/// does.
///
/// @param users whose sessions; an empty set finds nothing
/// @param targets on which targets; an empty set finds nothing
/// @param since at or after
/// @param until before
/// @param before only what comes behind it in the order of results
/// @param limit 1 to [#MAX_LIMIT]
public record LineQuery(
    LinePattern pattern,
    @Nullable Set<Name> users,
    @Nullable Set<Name> targets,
    @Nullable SessionId session,
    Set<ChannelKind> kinds,
    Set<Direction> directions,
    @Nullable Instant since,
    @Nullable Instant until,
    @Nullable Cursor before,
    int limit) {
  /// The most lines of one page, inclusive.
  public static final int MAX_LIMIT = 1_000;

  public LineQuery {
    users = users == null ? null : Set.copyOf(users);
    targets = targets == null ? null : Set.copyOf(targets);
    kinds = Set.copyOf(kinds);
    directions = Set.copyOf(directions);
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException("limit is 1 to 1000");
    }
  }

  /// The same from another place on.
  public LineQuery before(@Nullable Cursor place, int most) {
    return new LineQuery(
        pattern, users, targets, session, kinds, directions, since, until, place, most);
  }
}
