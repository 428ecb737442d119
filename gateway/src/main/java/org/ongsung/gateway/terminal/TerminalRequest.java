package org.ongsung.gateway.terminal;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.ongsung.gateway.OpenSession;
import org.ongsung.model.TextEncoding;

/// The terminal that a person has, as the target is told of it: bounded and harmless, whatever the
/// person's client said.
///
/// @param type the value of `TERM`: 1 to 64 of letters, digits and `-._+`, a letter or digit first;
///   any other becomes `dumb`
/// @param columns 1 to 10,000
/// @param rows 1 to 10,000
/// @param environment what may be handed on of the person's variables; never `USER` nor anything
///   else that a program at the target takes for an argument or a path (CVE-2026-24061,
///   CVE-2007-0882)
public record TerminalRequest(String type, int columns, int rows, Map<String, String> environment) {
  /// The variables that are handed on.
  public static final Set<String> ALLOWED_VARIABLES =
      Set.of("LANG", "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "LC_TIME", "LC_COLLATE", "COLORTERM");

  /// The most columns or rows, inclusive.
  public static final int MAX_CELLS = 10_000;

  private static final int MAX_CHARACTERS = 64;
  private static final int DEFAULT_COLUMNS = 80;
  private static final int DEFAULT_ROWS = 24;

  public TerminalRequest {
    type = isPlain(type) ? type : "dumb";
    columns = columns == 0 ? DEFAULT_COLUMNS : Math.clamp(columns, 1, MAX_CELLS);
    rows = rows == 0 ? DEFAULT_ROWS : Math.clamp(rows, 1, MAX_CELLS);
    Map<String, String> allowed = new LinkedHashMap<>();
    environment.forEach(
        (name, value) -> {
          if (ALLOWED_VARIABLES.contains(name) && isPlain(value)) {
            allowed.put(name, value);
          }
        });
    environment = Map.copyOf(allowed);
  }

  /// The same at another size.
  public TerminalRequest resized(int newColumns, int newRows) {
    return new TerminalRequest(type, newColumns, newRows, environment);
  }

  /// The same for a target that writes in `encoding`: to one that does not write UTF-8 nobody says
  /// that it should.
  TerminalRequest at(TextEncoding encoding) {
    if (encoding == TextEncoding.UTF_8) {
      return this;
    }
    Map<String, String> kept = new LinkedHashMap<>(environment);
    kept.entrySet().removeIf(entry -> asksForUtf8(entry.getKey(), entry.getValue()));
    return new TerminalRequest(type, columns, rows, kept);
  }

  /// Whether a variable has programs write UTF-8, as `LC_CTYPE=C.UTF-8` does.
  public static boolean asksForUtf8(String name, String value) {
    String locale = value.toLowerCase(Locale.ROOT);
    return (name.equals("LANG") || name.startsWith("LC_"))
        && (locale.contains("utf-8") || locale.contains("utf8"));
  }

  /// For the record.
  OpenSession.Terminal shape() {
    return new OpenSession.Terminal(type, columns, rows);
  }

  /// The person's language by their variables: Korean where they say so, else English, which every
  /// terminal shows.
  public Locale language() {
    for (String name : new String[] {"LC_ALL", "LC_MESSAGES", "LANG"}) {
      String value = environment.getOrDefault(name, "");
      if (!value.isEmpty()) {
        return value.toLowerCase(Locale.ROOT).startsWith("ko") ? Locale.KOREAN : Locale.ENGLISH;
      }
    }
    return Locale.ENGLISH;
  }

  private static boolean isPlain(String text) {
    if (text.isEmpty() || text.length() > MAX_CHARACTERS || !isLetterOrDigit(text.charAt(0))) {
      return false;
    }
    return text.chars().allMatch(c -> isLetterOrDigit(c) || "-._+@".indexOf(c) >= 0);
  }

  private static boolean isLetterOrDigit(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}
