package org.ongsung.policy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/// The texts of [AccessToken]s: made of 256 random bits, shown once, and known again by the SHA-256
/// that is all that is kept of them.
///
/// With so many random bits a plain hash is enough: there is nothing to guess from it.
public final class Tokens {
  /// How every token starts, so that scanners for leaked secrets can find one.
  public static final String PREFIX = "ong_";

  /// The longest text that is looked at as a token; ours have 47 characters.
  public static final int MAX_CHARACTERS = 200;

  private static final int SECRET_BYTES = 32;
  private static final int ID_BYTES = 12;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();

  private Tokens() {}

  /// A new token's text.
  public static String newText() {
    return PREFIX + random(SECRET_BYTES);
  }

  /// A new token's id: 16 characters that are no secret.
  public static String newId() {
    return random(ID_BYTES);
  }

  /// A new secret that belongs to a token, such as the one its forms carry: 43 characters.
  public static String newSecret() {
    return random(SECRET_BYTES);
  }

  /// What is kept of a token's text: the SHA-256 of its UTF-8 as 64 lower-case hex digits.
  public static String sha256(String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has SHA-256
    }
  }

  private static String random(int count) {
    byte[] bytes = new byte[count];
    RANDOM.nextBytes(bytes);
    return TEXT.encodeToString(bytes);
  }
}
