package org.ongsung.console.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Proof that a form was made by a page of ours for this very browser.
final class Csrf {
  /// The form's field, and the header that scripts send.
  static final String FIELD = "_csrf";

  static final String HEADER = "X-CSRF-Token";

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();

  private Csrf() {}

  /// A secret for the cookie of somebody not logged in.
  static String newSecret() {
    byte[] bytes = new byte[18];
    RANDOM.nextBytes(bytes);
    return TEXT.encodeToString(bytes);
  }

  /// The token of a secret; the secret does not follow from it.
  static String tokenOf(String secret) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update("ongsung form\0".getBytes(StandardCharsets.UTF_8));
      return TEXT.encodeToString(digest.digest(secret.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has SHA-256
    }
  }

  static boolean matches(String token, @Nullable String sent) {
    return sent != null
        && MessageDigest.isEqual(
            token.getBytes(StandardCharsets.UTF_8), sent.getBytes(StandardCharsets.UTF_8));
  }
}
