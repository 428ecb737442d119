package org.ongsung.wire.telnet;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// The content of environment subnegotiations (RFC 1572):
///
///     SEND (1) [VAR|USERVAR name]…
///     IS (0) or INFO (2) [VAR|USERVAR name [VALUE value]]…
///
/// VAR is 0, VALUE 1, ESC 2 (before a byte of a text that would be one of these), USERVAR 3.
public final class Environment {
  /// The most variables that are read, inclusive; the rest is ignored.
  public static final int MAX_VARIABLES = 64;

  private static final int IS = 0;
  private static final int SEND = 1;
  private static final int INFO = 2;
  private static final int VAR = 0;
  private static final int VALUE = 1;
  private static final int ESC = 2;
  private static final int USERVAR = 3;

  private Environment() {}

  /// The content that asks for these variables and no others, each as well-known and as one of the
  /// user's own, since clients differ in where they keep it.
  public static byte[] send(Iterable<String> names) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(SEND);
    for (String name : names) {
      out.write(VAR);
      text(out, name);
      out.write(USERVAR);
      text(out, name);
    }
    return out.toByteArray();
  }

  /// The content that tells these variables.
  public static byte[] is(Map<String, String> variables) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(IS);
    variables.forEach(
        (name, value) -> {
          out.write(USERVAR);
          text(out, name);
          out.write(VALUE);
          text(out, value);
        });
    return out.toByteArray();
  }

  private static void text(ByteArrayOutputStream out, String text) {
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (b >= VAR && b <= USERVAR) {
        out.write(ESC);
      }
      out.write(b);
    }
  }

  /// Whether the content asks.
  public static boolean asks(byte[] content) {
    return content.length > 0 && content[0] == SEND;
  }

  /// The variables of an answer that are among `wanted`; of several of a name the first. What is
  /// not wanted is not kept, whatever it is called.
  public static Map<String, String> told(byte[] content, Set<String> wanted) {
    Map<String, String> found = new LinkedHashMap<>();
    if (content.length == 0 || (content[0] != IS && content[0] != INFO)) {
      return found;
    }
    int[] at = {1};
    for (int n = 0; at[0] < content.length && n < MAX_VARIABLES; n++) {
      int kind = content[at[0]++];
      if (kind != VAR && kind != USERVAR) {
        return found;
      }
      String name = text(content, at);
      if (at[0] < content.length && content[at[0]] == VALUE) {
        at[0]++;
        String value = text(content, at);
        if (wanted.contains(name)) {
          found.putIfAbsent(name, value);
        }
      }
    }
    return found;
  }

  private static String text(byte[] content, int[] at) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    while (at[0] < content.length) {
      byte b = content[at[0]];
      if (b == ESC && at[0] + 1 < content.length) {
        out.write(content[at[0] + 1]);
        at[0] += 2;
      } else if (b >= VAR && b <= USERVAR) {
        break;
      } else {
        out.write(b);
        at[0]++;
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
