package org.ongsung.wire.forwarded;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What one proxy says of a request: an element of `Forwarded` (RFC 7239 section 4). The nearest
/// proxy's is the last of the list.
///
///     Forwarded: for=192.0.2.7, for="[2001:db8::7]:4711";proto=https;host=gate.example.com
///
/// @param node who the proxy got it from (`for`), as written: an address, perhaps with a port,
///   `unknown`, or a word that starts with `_`; empty when it is not said
/// @param scheme `proto`, in lower case; empty when it is not said
/// @param host `host`; empty when it is not said
public record Forwarded(String node, String scheme, String host) {
  /// The longest header that is read, inclusive, all its lines together.
  public static final int MAX_CHARACTERS = 4_096;

  private static final String TOKEN =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~";

  /// Reads a header, its lines joined by commas.
  ///
  /// @return nothing when any part of it is malformed or too long
  public static Optional<List<Forwarded>> parse(String header) {
    if (header.length() > MAX_CHARACTERS) {
      return Optional.empty();
    }
    return new Parser(header).elements();
  }

  private static final class Parser {
    private final String text;
    private int at;

    Parser(String text) {
      this.text = text;
    }

    Optional<List<Forwarded>> elements() {
      List<Forwarded> elements = new ArrayList<>();
      do {
        Map<String, String> pairs = new HashMap<>();
        do {
          spaces();
          if (!pair(pairs)) {
            return Optional.empty();
          }
          spaces();
        } while (takes(';'));
        elements.add(
            new Forwarded(
                pairs.getOrDefault("for", ""),
                pairs.getOrDefault("proto", "").toLowerCase(Locale.ROOT),
                pairs.getOrDefault("host", "")));
      } while (takes(','));
      return at == text.length() ? Optional.of(elements) : Optional.empty();
    }

    /// A name may stand once in an element.
    private boolean pair(Map<String, String> pairs) {
      String name = token().toLowerCase(Locale.ROOT);
      if (name.isEmpty() || !takes('=')) {
        return false;
      }
      Optional<String> value = takes('"') ? quoted() : Optional.of(token());
      return value.isPresent()
          && !value.get().isEmpty()
          && pairs.putIfAbsent(name, value.get()) == null;
    }

    private String token() {
      int start = at;
      while (at < text.length() && TOKEN.indexOf(text.charAt(at)) >= 0) {
        at++;
      }
      return text.substring(start, at);
    }

    private Optional<String> quoted() {
      StringBuilder value = new StringBuilder();
      while (at < text.length()) {
        char c = text.charAt(at++);
        if (c == '"') {
          return Optional.of(value.toString());
        }
        if (c == '\\' && at < text.length()) {
          c = text.charAt(at++);
        }
        if (c < ' ' || c >= 0x7f) {
          return Optional.empty();
        }
        value.append(c);
      }
      return Optional.empty();
    }

    private void spaces() {
      while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
        at++;
      }
    }

    private boolean takes(char c) {
      boolean there = at < text.length() && text.charAt(at) == c;
      at += there ? 1 : 0;
      return there;
    }
  }
}
