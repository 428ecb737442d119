package org.ongsung.console.page;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.ongsung.console.text.Shapes;
import org.ongsung.console.text.Wording;

/// The details of ledger entries as people read them: keys by their names, values with units, in
/// the reader's zone and language. What is not known stays as it is.
///
/// @param wording the reader's words
/// @param shapes the reader's times and sizes
public record LedgerWords(Wording wording, Shapes shapes) {
  private static final int MAX_DURATION_DIGITS = 15;

  /// The name of a detail, such as `roles.before`.
  public String name(String key) {
    String plain = key.replaceFirst("\\.[0-9]+$", "");
    for (String side : new String[] {"before", "after"}) {
      if (plain.endsWith("." + side)) {
        String field = plain.substring(0, plain.length() - side.length() - 1);
        return shapes.messages().text("detail." + side, fieldName(field));
      }
    }
    return wording.word("detail", plain);
  }

  private String fieldName(String field) {
    String name = wording.word("place", field);
    return name.isEmpty() ? field : name;
  }

  /// The value of a detail.
  public String value(String key, String value) {
    String plain = key.replaceFirst("\\.(before|after)(\\.[0-9]+)?$", "");
    return switch (plain) {
      case "reason", "error" -> wording.said(value);
      case "cause" -> wording.word("cause", value);
      case "kind" -> wording.word("kind", value);
      case "factor", "factors" -> wording.factors(value);
      case "operation" -> wording.word("file", value);
      case "result" -> wording.fileResult(value);
      case "detail" -> wording.fileDetail(value);
      case "secret" -> wording.word("secret", value);
      case "action" -> wording.word("action", value);
      case "purpose" -> wording.word("purpose", value);
      case "complete", "active" -> wording.word("truth", value);
      case "verdict" -> wording.word("verdict", value);
      case "roles" -> list("role", value);
      case "may" -> list("capability", value);
      case "limit" -> limit(value);
      case "listener", "front" -> wording.word("listener", value);
      case "password" -> wording.word("action", value);
      case "seconds" -> number(value) ? shapes.duration(Duration.ofSeconds(parse(value))) : value;
      case "milliseconds" ->
          number(value) ? shapes.duration(Duration.ofMillis(parse(value))) : value;
      case "until", "expected", "lastRecorded", "createdAt" -> moment(value);
      case "bytesFromClient",
          "bytesToClient",
          "bytesRead",
          "bytesWritten",
          "bytes",
          "usableBytes",
          "markBytes" ->
          number(value) ? Shapes.bytes(parse(value)) : value;
      default -> value;
    };
  }

  private String list(String prefix, String value) {
    return Arrays.stream(value.split(", ?", -1))
        .map(one -> wording.word(prefix, one))
        .collect(Collectors.joining(", "));
  }

  private String moment(String value) {
    try {
      return shapes.momentAndZone(Instant.parse(value));
    } catch (DateTimeParseException e) {
      return value; // a fingerprint, or a moment with an offset of its own
    }
  }

  /// A duration, or a count.
  private String limit(String value) {
    try {
      return shapes.duration(Duration.parse(value));
    } catch (DateTimeParseException e) {
      return value;
    }
  }

  private static boolean number(String value) {
    return value.matches("[0-9]{1," + MAX_DURATION_DIGITS + "}");
  }

  private static long parse(String value) {
    return Long.parseLong(value);
  }
}
