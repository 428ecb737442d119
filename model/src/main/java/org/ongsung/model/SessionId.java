package org.ongsung.model;

/// Names a session for good: 26 characters of Crockford's base 32, the first 10 the time in
/// milliseconds, the rest random, so that ids sort by start and cannot be guessed.
public record SessionId(String value) implements Comparable<SessionId> {
  private static final int CHARACTERS = 26;
  private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final java.security.SecureRandom RANDOM = new java.security.SecureRandom();

  public SessionId {
    if (!isValid(value)) {
      throw new IllegalArgumentException("not a session id: " + Shown.quoted(value));
    }
  }

  private static boolean isValid(String text) {
    if (text.length() != CHARACTERS) {
      return false;
    }
    for (int i = 0; i < CHARACTERS; i++) {
      if (DIGITS.indexOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }

  /// A new id for a session that starts at `start`.
  public static SessionId create(java.time.Instant start) {
    char[] text = new char[CHARACTERS];
    long time = start.toEpochMilli();
    for (int i = 9; i >= 0; i--, time >>>= 5) {
      text[i] = DIGITS.charAt((int) (time & 31));
    }
    byte[] random = new byte[16];
    RANDOM.nextBytes(random);
    for (int i = 0; i < 16; i++) {
      text[10 + i] = DIGITS.charAt(random[i] & 31);
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
