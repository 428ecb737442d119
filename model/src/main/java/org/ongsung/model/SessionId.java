package org.ongsung.model;

import java.util.regex.Pattern;

/// Names a session for good: 26 characters of Crockford's base 32, the first 10 the time in
/// milliseconds, the rest random, so that ids sort by start and cannot be guessed.
public record SessionId(String value) implements Comparable<SessionId> {
  private static final Pattern SHAPE = Pattern.compile("[0-9a-hjkmnp-tv-z]{26}");
  private static final char[] DIGITS = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
  private static final java.security.SecureRandom RANDOM = new java.security.SecureRandom();

  public SessionId {
    if (!SHAPE.matcher(value).matches()) {
      throw new IllegalArgumentException("not a session id: " + Shown.quoted(value));
    }
  }

  /// A new id for a session that starts at `start`.
  public static SessionId create(java.time.Instant start) {
    char[] text = new char[26];
    long time = start.toEpochMilli();
    for (int i = 9; i >= 0; i--, time >>>= 5) {
      text[i] = DIGITS[(int) (time & 31)];
    }
    byte[] random = new byte[16];
    RANDOM.nextBytes(random);
    for (int i = 0; i < 16; i++) {
      text[10 + i] = DIGITS[random[i] & 31];
    }
    return new SessionId(new String(text));
  }

  @Override
  public int compareTo(SessionId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
