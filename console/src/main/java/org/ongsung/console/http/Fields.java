package org.ongsung.console.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Names and values of a query or a form (`application/x-www-form-urlencoded`, WHATWG URL section
/// 5), decoded once and strictly: bytes that are no UTF-8 and broken escapes are a bad request.
public final class Fields {
  private static final int MAX_FIELDS = 2_000;

  private final Map<String, List<String>> values;

  private Fields(Map<String, List<String>> values) {
    this.values = values;
  }

  /// Reads `a=1&b=2`; null is nothing.
  ///
  /// @throws HttpProblem 400 when it cannot be read or has more than 2,000 fields
  public static Fields parse(@Nullable String encoded) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    if (encoded != null && !encoded.isEmpty()) {
      String[] pairs = encoded.split("&", MAX_FIELDS + 1);
      if (pairs.length > MAX_FIELDS) {
        throw HttpProblem.badRequest("at most " + MAX_FIELDS + " fields");
      }
      for (String pair : pairs) {
        int equals = pair.indexOf('=');
        String name = decode(equals < 0 ? pair : pair.substring(0, equals));
        String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
        values.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
      }
    }
    return new Fields(values);
  }

  private static String decode(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '%') {
        boolean whole = at + 2 < text.length();
        int high = whole ? Character.digit(text.charAt(at + 1), 16) : -1;
        int low = whole ? Character.digit(text.charAt(at + 2), 16) : -1;
        if (high < 0 || low < 0) {
          throw HttpProblem.badRequest("a field has a broken % escape");
        }
        bytes.write(high << 4 | low);
        at += 2;
      } else if (c < 0x80) {
        bytes.write(c == '+' ? ' ' : c);
      } else {
        bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw HttpProblem.badRequest("a field is not UTF-8");
    }
  }

  /// The first value of that name, without surrounding space; empty text counts as missing.
  public Optional<String> first(String name) {
    List<String> all = values.getOrDefault(name, List.of());
    return all.isEmpty()
        ? Optional.empty()
        : Optional.of(all.getFirst().strip()).filter(v -> !v.isEmpty());
  }

  /// The first value of that name exactly as sent, or empty text.
  public String raw(String name) {
    List<String> all = values.getOrDefault(name, List.of());
    return all.isEmpty() ? "" : all.getFirst();
  }

  /// Every value of that name, as sent.
  public List<String> all(String name) {
    return List.copyOf(values.getOrDefault(name, List.of()));
  }

  /// Whether the name was sent at all.
  public boolean has(String name) {
    return values.containsKey(name);
  }

  /// Every name that was sent.
  public java.util.Set<String> names() {
    return java.util.Collections.unmodifiableSet(values.keySet());
  }
}
