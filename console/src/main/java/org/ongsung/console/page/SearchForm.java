package org.ongsung.console.page;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ongsung.console.http.Fields;
import org.ongsung.console.services.LineSearch;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.Name;
import org.ongsung.model.SessionId;
import org.ongsung.transcript.index.Cursor;
import org.ongsung.transcript.line.Direction;

/// What the form above the search's results holds, as typed.
///
/// @param direction `input`, `output` (screens of full-screen programs too) or empty
public record SearchForm(
    String text,
    boolean regex,
    String user,
    String group,
    String target,
    String session,
    String kind,
    String direction,
    String since,
    String until,
    String context,
    String before) {
  private static final int PAGE = 50;

  static SearchForm of(Fields query) {
    return new SearchForm(
        query.raw("text"),
        query.first("regex").isPresent(),
        query.first("user").orElse(""),
        query.first("group").orElse(""),
        query.first("target").orElse(""),
        query.first("session").orElse(""),
        query.first("kind").orElse(""),
        query.first("direction").orElse(""),
        query.first("since").orElse(""),
        query.first("until").orElse(""),
        query.first("context").orElse(""),
        query.first("before").orElse(""));
  }

  /// Whether nothing is asked for.
  public boolean isEmpty() {
    return (text.strip() + user + group + target + session + kind + direction + since + until)
        .isEmpty();
  }

  /// What it means; empty when a field cannot be read.
  Optional<LineSearch> search(ZoneId zone) {
    try {
      return Optional.of(
          new LineSearch(
              text,
              regex,
              name(user),
              name(group),
              name(target),
              session.isEmpty() ? null : new SessionId(session),
              kind.isEmpty() ? Set.of() : Set.of(ChannelKind.of(kind)),
              directions(),
              SessionFilter.moment(since, zone),
              SessionFilter.moment(until, zone),
              before.isEmpty() ? null : Cursor.of(before),
              context.isEmpty() ? 0 : Integer.parseInt(context),
              PAGE));
    } catch (IllegalArgumentException | DateTimeException e) {
      return Optional.empty();
    }
  }

  private static @Nullable Name name(String typed) {
    return typed.isEmpty() ? null : Name.of(typed);
  }

  private Set<Direction> directions() {
    return switch (direction) {
      case "" -> Set.of();
      case "output" -> Set.of(Direction.OUTPUT, Direction.SCREEN);
      default -> Set.of(Direction.of(direction));
    };
  }
}
