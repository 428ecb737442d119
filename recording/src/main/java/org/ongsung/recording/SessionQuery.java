package org.ongsung.recording;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.Name;
import org.ongsung.model.SessionId;
import org.ongsung.model.SessionState;

/// What sessions to look for, newest first; null and empty mean any.
///
/// @param text a part of user, target, account, source or a channel's subject, compared without
///   case
/// @param kinds sessions with at least one channel of these
/// @param since started at or after
/// @param until started before
/// @param before only sessions with a smaller id: where the page before ended
/// @param limit 1 to 1,000
public record SessionQuery(
    @Nullable Name user,
    @Nullable Name target,
    Set<SessionState> states,
    Set<ChannelKind> kinds,
    @Nullable Instant since,
    @Nullable Instant until,
    @Nullable String text,
    @Nullable SessionId before,
    int limit) {
  /// The most sessions of one page, inclusive.
  public static final int MAX_LIMIT = 1_000;

  /// The longest text to look for, inclusive.
  public static final int MAX_TEXT_CHARACTERS = 200;

  public SessionQuery {
    states = Set.copyOf(states);
    kinds = Set.copyOf(kinds);
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException("limit is 1 to 1000");
    }
    if (text != null && text.length() > MAX_TEXT_CHARACTERS) {
      throw new IllegalArgumentException("text has at most 200 characters");
    }
  }

  /// The newest sessions of every kind.
  public static SessionQuery newest(int limit) {
    return new SessionQuery(null, null, Set.of(), Set.of(), null, null, null, null, limit);
  }
}
