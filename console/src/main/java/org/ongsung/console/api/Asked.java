package org.ongsung.console.api;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.HttpProblem;

/// Reads what a request asks for; everything that cannot be read is a 400 that names it.
final class Asked {
  private Asked() {}

  /// A query parameter turned into something, or null when it is missing.
  static <T> @Nullable T one(Exchange exchange, String name, Function<String, T> read) {
    Optional<String> value = exchange.query().first(name);
    if (value.isEmpty()) {
      return null;
    }
    try {
      return read.apply(value.get());
    } catch (IllegalArgumentException | DateTimeParseException e) {
      throw HttpProblem.badRequest(name + ": " + e.getMessage());
    }
  }

  /// A query parameter of several values, joined by commas.
  static <T> Set<T> several(Exchange exchange, String name, Function<String, T> read) {
    Set<T> values =
        one(
            exchange,
            name,
            text ->
                Arrays.stream(text.split(",", -1))
                    .map(String::strip)
                    .map(read)
                    .collect(Collectors.toSet()));
    return values == null ? Set.of() : values;
  }

  /// An ISO 8601 moment with offset.
  static @Nullable Instant moment(Exchange exchange, String name) {
    return one(exchange, name, text -> java.time.OffsetDateTime.parse(text).toInstant());
  }

  /// A number within bounds, both inclusive.
  static int number(Exchange exchange, String name, int otherwise, int least, int most) {
    Integer value = one(exchange, name, Integer::valueOf);
    if (value == null) {
      return otherwise;
    }
    if (value < least || value > most) {
      throw HttpProblem.badRequest(name + " is " + least + " to " + most);
    }
    return value;
  }

  /// A text of the body.
  static String text(Map<String, Object> body, String field) {
    return optionalText(body, field)
        .orElseThrow(() -> HttpProblem.badRequest(field + " is missing"));
  }

  /// A text of the body that may be missing.
  static Optional<String> optionalText(Map<String, Object> body, String field) {
    return switch (body.get(field)) {
      case null -> Optional.empty();
      case String text -> Optional.of(text);
      default -> throw HttpProblem.badRequest(field + " is a text");
    };
  }

  /// A truth of the body; false when it is missing.
  static boolean truth(Map<String, Object> body, String field) {
    return switch (body.get(field)) {
      case null -> false;
      case Boolean truth -> truth;
      default -> throw HttpProblem.badRequest(field + " is true or false");
    };
  }
}
