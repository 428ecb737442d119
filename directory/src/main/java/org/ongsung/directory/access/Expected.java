package org.ongsung.directory.access;

import org.ongsung.directory.Problem;

/// What a value of a document is expected to be.
enum Expected {
  NAME("a name", Problem.Code.NOT_A_NAME),
  TITLE("a title", Problem.Code.NOT_A_TITLE),
  ROLE("a role", Problem.Code.NOT_A_ROLE),
  PUBLIC_KEY("a public key", Problem.Code.NOT_A_PUBLIC_KEY),
  PROTOCOL("a protocol (ssh, telnet)", Problem.Code.NOT_A_PROTOCOL),
  ADDRESS("an address (host:port)", Problem.Code.NOT_AN_ADDRESS),
  LOGIN("a login of 1 to 255 characters", Problem.Code.NOT_A_LOGIN),
  HOST_KEYS(
      "a list of the target's public keys, or trust-on-first-use", Problem.Code.NOT_HOST_KEYS),
  PROMPT("a prompt such as *login:", Problem.Code.NOT_A_PROMPT),
  ENCODING("an encoding (utf-8, euc-kr, cp949)", Problem.Code.NOT_AN_ENCODING),
  LANGUAGE("a language (auto, ko, en)", Problem.Code.NOT_A_LANGUAGE),
  CAPABILITY("a capability", Problem.Code.NOT_A_CAPABILITY),
  NETWORK("a network (10.0.0.0/8)", Problem.Code.NOT_A_NETWORK),
  MOMENT("a time with an offset like 2030-01-01T00:00:00+09:00", Problem.Code.NOT_A_MOMENT),
  DURATION("a duration", Problem.Code.NOT_A_DURATION),
  COUNT("a whole number of at least 1", Problem.Code.NOT_A_COUNT),
  SECRET("the secret", Problem.Code.NOT_A_SECRET),
  SECRET_FILE("a file that holds a secret", Problem.Code.NOT_A_SECRET),
  GIVEN("{plain: …} or none", Problem.Code.NOT_A_SECRET),
  PASSWORD("a password, or argon2id with a hash", Problem.Code.NOT_A_PASSWORD),
  HASH("an Argon2id hash", Problem.Code.NOT_A_HASH),
  TEXT("text", Problem.Code.WRONG_SHAPE);

  private final String text;
  private final Problem.Code code;

  Expected(String text, Problem.Code code) {
    this.text = text;
    this.code = code;
  }

  /// In English.
  String text() {
    return text;
  }

  /// The problem that something else stands there.
  Problem.Code code() {
    return code;
  }

  /// Whether what stands there instead may be shown; somebody may have written a secret there.
  boolean mayBeShown() {
    return switch (this) {
      case SECRET, SECRET_FILE, GIVEN, PASSWORD, HASH -> false;
      default -> true;
    };
  }
}
