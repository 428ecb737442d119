package org.ongsung.wire.telnet;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The content of subnegotiations that ask for and tell one text: the terminal type (RFC 1091) and
/// its speed (RFC 1079).
///
///     SEND (1)        asks
///     IS (0) text     tells, in ASCII
public final class TerminalType {
  private static final int IS = 0;
  private static final int SEND = 1;

  private TerminalType() {}

  /// The content that asks.
  public static byte[] send() {
    return new byte[] {SEND};
  }

  /// The content that tells.
  public static byte[] is(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    byte[] content = new byte[bytes.length + 1];
    content[0] = IS;
    System.arraycopy(bytes, 0, content, 1, bytes.length);
    return content;
  }

  /// Whether the content asks.
  public static boolean asks(byte[] content) {
    return content.length == 1 && content[0] == SEND;
  }

  /// What the content tells, if it does.
  public static Optional<String> told(byte[] content) {
    return content.length > 0 && content[0] == IS
        ? Optional.of(new String(content, 1, content.length - 1, StandardCharsets.ISO_8859_1))
        : Optional.empty();
  }
}
