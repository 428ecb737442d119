package org.ongsung.wire.telnet;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// The content of character set subnegotiations (RFC 2066), as far as agreeing on one by name:
///
///     REQUEST (1) separator name separator name …
///     ACCEPTED (2) name
///     REJECTED (3)
///
/// Translation tables are rejected.
public final class CharacterSet {
  private static final int REQUEST = 1;
  private static final int ACCEPTED = 2;
  private static final int REJECTED = 3;
  private static final String TABLES = "[TTABLE]";

  private CharacterSet() {}

  /// The content that asks for one of these.
  public static byte[] request(List<String> names) {
    return bytes(REQUEST, ";" + String.join(";", names));
  }

  /// The answer to a request: the first of its names that is `ours`, or no.
  public static byte[] answer(byte[] content, String ours) {
    return offered(content).stream()
        .filter(name -> name.equalsIgnoreCase(ours))
        .findFirst()
        .map(name -> bytes(ACCEPTED, name))
        .orElseGet(() -> new byte[] {REJECTED});
  }

  /// Whether the content is a request.
  public static boolean asks(byte[] content) {
    return content.length > 0 && content[0] == REQUEST;
  }

  /// The name that was accepted, if the content says so.
  public static Optional<String> accepted(byte[] content) {
    return content.length > 1 && content[0] == ACCEPTED
        ? Optional.of(new String(content, 1, content.length - 1, StandardCharsets.ISO_8859_1))
        : Optional.empty();
  }

  private static List<String> offered(byte[] content) {
    String text = new String(content, StandardCharsets.ISO_8859_1).substring(1);
    if (text.startsWith(TABLES)) {
      // A version byte of the tables stands before the list.
      text = text.length() > TABLES.length() ? text.substring(TABLES.length() + 1) : "";
    }
    if (text.length() < 2) {
      return List.of();
    }
    String separator = java.util.regex.Pattern.quote(text.substring(0, 1));
    return List.of(text.substring(1).split(separator, -1));
  }

  private static byte[] bytes(int first, String text) {
    byte[] rest = text.getBytes(StandardCharsets.US_ASCII);
    byte[] content = new byte[rest.length + 1];
    content[0] = (byte) first;
    System.arraycopy(rest, 0, content, 1, rest.length);
    return content;
  }
}
