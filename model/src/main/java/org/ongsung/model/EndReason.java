package org.ongsung.model;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.SortedMap;
import java.util.TreeMap;

/// Why a session ended: a stable code and what belongs to it, in no language until it is shown.
///
/// The words lie in `EndReason.properties` and `EndReason_ko.properties`; the console, the command
/// line and the message to the person all show these.
///
/// @param parameters by the names that the code declares; a missing one is shown as nothing.
///   Durations are ISO 8601 (`PT30M`). Harmless to show: control characters were replaced
public record EndReason(Code code, Map<String, String> parameters) {
  /// Longest parameter, in characters; what is longer is cut.
  public static final int MAX_PARAMETER_CHARACTERS = 500;

  private static final String BUNDLE = "org.ongsung.model.EndReason";

  /// What ended it.
  public enum Code {
    PERSON_LEFT("person-left"),
    TARGET_LEFT("target-left"),
    /// An administrator, with their words.
    ADMINISTRATOR("administrator", "reason"),
    IDLE_LIMIT("idle-limit", "limit", "grant"),
    DURATION_LIMIT("duration-limit", "limit", "grant"),
    /// The grant's `sessions` was lowered below what was live.
    SESSIONS_LIMIT("sessions-limit", "limit", "grant"),
    /// The grant's `until` has passed.
    GRANT_ENDED("grant-ended", "grant"),
    /// The grant, the account, the target or the user is no longer as it was.
    REVOKED("revoked", "grant"),
    RECORD_FAILED("record-failed"),
    STORAGE_FULL("storage-full"),
    /// The gateway was stopped in good order.
    GATEWAY_STOP("gateway-stop"),
    /// The gateway stopped without closing it.
    GATEWAY_LOST("gateway-lost"),
    START_UNRECORDED("start-unrecorded"),
    NOT_CLOSED("not-closed"),
    INTERNAL_ERROR("internal-error", "number"),
    TARGET_UNREACHABLE("target-unreachable", "error"),
    TARGET_TIMEOUT("target-timeout", "error"),
    TARGET_HUNG_UP("target-hung-up", "error"),
    /// The worker by which the target is reached does not ask for work.
    WORKER_ABSENT("worker-absent", "worker"),
    /// The worker by which the target was reached was silent for too long.
    WORKER_LOST("worker-lost", "worker"),
    /// The target has no algorithm that the gateway uses.
    TARGET_ALGORITHMS("target-algorithms", "error"),
    HOST_KEY_CHANGED("host-key-changed", "proven"),
    HOST_KEY_UNKNOWN("host-key-unknown", "proven"),
    CREDENTIAL_MISSING("credential-missing", "error"),
    CREDENTIAL_REFUSED("credential-refused", "error"),
    /// A sentence written before there were codes.
    AS_WRITTEN("as-written", "text");

    private final String text;
    private final String names;

    Code(String text, String... names) {
      this.text = text;
      this.names = String.join(" ", names);
    }

    /// The stable word.
    public String text() {
      return text;
    }

    /// The names of its parameters, in the order in which the words use them.
    public List<String> names() {
      return names.isEmpty() ? List.of() : List.of(names.split(" ", -1));
    }

    /// The code of that word.
    ///
    /// @throws IllegalArgumentException when there is none
    public static Code of(String text) {
      for (Code code : values()) {
        if (code.text.equals(text)) {
          return code;
        }
      }
      throw new IllegalArgumentException("no such reason of an end: " + text);
    }
  }

  public EndReason {
    SortedMap<String, String> kept = new TreeMap<>();
    parameters.forEach((name, value) -> kept.put(name, kept(code, name, value)));
    parameters = Collections.unmodifiableSortedMap(kept);
  }

  private static String kept(Code code, String name, String value) {
    if (!code.names().contains(name)) {
      throw new IllegalArgumentException(code.text + " has no parameter " + name);
    }
    return Shown.plain(value, MAX_PARAMETER_CHARACTERS);
  }

  /// The reason `code` with its parameters in the order of [Code#names].
  public static EndReason of(Code code, String... values) {
    if (values.length != code.names().size()) {
      throw new IllegalArgumentException(code.text + " takes " + code.names());
    }
    Map<String, String> parameters = new TreeMap<>();
    for (int i = 0; i < values.length; i++) {
      parameters.put(code.names().get(i), values[i]);
    }
    return new EndReason(code, parameters);
  }

  /// In English, one line.
  public String text() {
    return in(Locale.ENGLISH);
  }

  /// One line in the language of `locale`: Korean or English.
  public String in(Locale locale) {
    ResourceBundle words =
        ResourceBundle.getBundle(
            BUNDLE,
            locale,
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    String line = words.getString(code.text);
    StringBuilder filled = new StringBuilder(line.length() + 32);
    for (int at = 0; at < line.length(); at++) {
      int end = line.charAt(at) == '{' ? line.indexOf('}', at) : -1;
      if (end < 0) {
        filled.append(line.charAt(at));
      } else {
        filled.append(shown(words, line.substring(at + 1, end)));
        at = end;
      }
    }
    return filled.toString();
  }

  private String shown(ResourceBundle words, String name) {
    String value = parameters.getOrDefault(name, "");
    if (!name.equals("limit") || !value.startsWith("P")) {
      return value;
    }
    try {
      return inWords(words, Duration.parse(value));
    } catch (DateTimeParseException e) {
      return value;
    }
  }

  private static String inWords(ResourceBundle words, Duration time) {
    StringBuilder text = new StringBuilder();
    add(text, words, "days", time.toDays());
    add(text, words, "hours", time.toHoursPart());
    add(text, words, "minutes", time.toMinutesPart());
    add(text, words, "seconds", time.toSecondsPart());
    add(text, words, "milliseconds", text.isEmpty() ? time.toMillisPart() : 0);
    return text.toString();
  }

  private static void add(StringBuilder text, ResourceBundle words, String unit, long count) {
    if (count > 0) {
      text.append(text.isEmpty() ? "" : " ").append(count).append(words.getString("unit." + unit));
    }
  }
}
