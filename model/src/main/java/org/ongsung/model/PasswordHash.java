package org.ongsung.model;

/// An Argon2id hash in its encoded form (`$argon2id$v=19$m=…,t=…,p=…$salt$hash`, RFC 9106). Printed
/// only as a mark.
public record PasswordHash(String encoded) {
  private static final int MAX_CHARACTERS = 512;

  public PasswordHash {
    if (!encoded.startsWith("$argon2id$") || encoded.length() > MAX_CHARACTERS) {
      throw new IllegalArgumentException("not an Argon2id hash ($argon2id$…)");
    }
  }

  @Override
  public String toString() {
    return "$argon2id$…";
  }
}
