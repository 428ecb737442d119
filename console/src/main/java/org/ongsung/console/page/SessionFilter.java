package org.ongsung.console.page;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.Fields;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.Name;
import org.ongsung.model.SessionId;
import org.ongsung.model.SessionState;
import org.ongsung.recording.SessionQuery;

/// What the form above the list of sessions holds, as typed.
///
/// @param problem key of a message about what cannot be read, or empty
public record SessionFilter(
    String text,
    String user,
    String target,
    String state,
    String kind,
    String since,
    String until,
    String before,
    String problem) {
  private static final int MAX_TEXT_CHARACTERS = 200;

  static SessionFilter of(Exchange exchange) {
    Fields query = exchange.query();
    return new SessionFilter(
        query.first("text").orElse(""),
        query.first("user").orElse(""),
        query.first("target").orElse(""),
        query.first("state").orElse(""),
        query.first("kind").orElse(""),
        query.first("since").orElse(""),
        query.first("until").orElse(""),
        query.first("before").orElse(""),
        "");
  }

  /// Whether nothing is asked for.
  public boolean isEmpty() {
    return (text + user + target + state + kind + since + until + before).isEmpty();
  }

  private SessionFilter with(String problem) {
    return new SessionFilter(text, user, target, state, kind, since, until, before, problem);
  }

  /// The query that this means.
  ///
  /// @param onlyOf whose sessions the reader may see; null for everybody's
  /// @throws UnreadableFilterException when a field cannot be read
  SessionQuery query(@Nullable Name onlyOf, ZoneId zone, int limit)
      throws UnreadableFilterException {
    try {
      return new SessionQuery(
          onlyOf != null ? onlyOf : user.isEmpty() ? null : Name.of(user),
          target.isEmpty() ? null : Name.of(target),
          state.isEmpty() ? Set.of() : Set.of(SessionState.of(state)),
          kind.isEmpty() ? Set.of() : Set.of(ChannelKind.of(kind)),
          moment(since, zone),
          moment(until, zone),
          text.isEmpty() ? null : text.substring(0, Math.min(text.length(), MAX_TEXT_CHARACTERS)),
          before.isEmpty() ? null : new SessionId(before),
          limit);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new UnreadableFilterException(with("filter.unreadable"));
    }
  }

  static @Nullable Instant moment(String typed, ZoneId zone) {
    if (typed.isEmpty()) {
      return null;
    }
    return typed.endsWith("Z")
        ? Instant.parse(typed)
        : LocalDateTime.parse(typed).atZone(zone).toInstant();
  }

  /// A field of the form that cannot be read.
  static final class UnreadableFilterException extends Exception {
    private final transient SessionFilter filter;

    UnreadableFilterException(SessionFilter filter) {
      super(filter.problem());
      this.filter = filter;
    }

    SessionFilter filter() {
      return filter;
    }
  }
}
