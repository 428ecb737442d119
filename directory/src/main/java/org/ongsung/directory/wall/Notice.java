package org.ongsung.directory.wall;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.Name;
import org.ongsung.model.Title;
import org.ongsung.model.User;

/// Something that everybody, or some groups, should read on the wall.
///
/// @param title what it is about, not empty
/// @param text Markdown (CommonMark 0.31), at most 10,000 characters; may be empty
/// @param sticky whether it stands above the others
/// @param from when it appears; null for at once
/// @param until when it is gone again, exclusive; null for never
/// @param groups who sees it; empty means everybody
/// @param changedAt when it was last written
/// @param changedBy who wrote it
public record Notice(
    Name name,
    Title title,
    String text,
    boolean sticky,
    @Nullable Instant from,
    @Nullable Instant until,
    Set<Name> groups,
    Instant changedAt,
    String changedBy) {
  /// The most characters of a text, inclusive.
  public static final int MAX_CHARACTERS = 10_000;

  public Notice {
    groups = Set.copyOf(groups);
    if (title.isEmpty()) {
      throw new IllegalArgumentException("a notice has a title");
    }
    if (text.length() > MAX_CHARACTERS) {
      throw new IllegalArgumentException("a notice has at most 10000 characters");
    }
    if (text.codePoints().anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t')) {
      throw new IllegalArgumentException("a notice has no control characters");
    }
    if (from != null && until != null && !from.isBefore(until)) {
      throw new IllegalArgumentException("a notice is gone after it appears, not before");
    }
    if (groups.size() > User.MAX_GROUPS) {
      throw new IllegalArgumentException("a notice is for at most 200 groups");
    }
  }

  /// Whether `user` sees it at `now`.
  public boolean isFor(User user, Instant now) {
    return (from == null || !now.isBefore(from))
        && (until == null || now.isBefore(until))
        && (groups.isEmpty() || user.groups().stream().anyMatch(groups::contains));
  }
}
