package org.ongsung.console.http;

import java.util.concurrent.ThreadLocalRandom;

/// Names that tell requests apart in the log and to people who report a fault; no secrets.
final class TraceId {
  private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final int CHARACTERS = 12;

  private TraceId() {}

  /// A new one: 12 characters of Crockford's base 32.
  static String next() {
    long random = ThreadLocalRandom.current().nextLong();
    char[] id = new char[CHARACTERS];
    for (int i = 0; i < CHARACTERS; i++) {
      id[i] = DIGITS.charAt((int) (random >>> (5 * i)) & 31);
    }
    return new String(id);
  }
}
