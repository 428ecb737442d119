package org.ongsung.console.http;

import java.security.SecureRandom;
import java.util.Base64;

/// Lets the scripts of one page make styles, which no other page needs: whatever a style element
/// must carry, known to that page alone.
///
/// @param value 128 random bits
public record StyleNonce(String value) {
  static final String HEADER = "Content-Security-Policy";

  private static final SecureRandom RANDOM = new SecureRandom();

  /// A new one; each answer has its own.
  public static StyleNonce create() {
    byte[] bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return new StyleNonce(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  /// The same answer, under a policy that allows it.
  public Reply on(Reply page) {
    return page.with(HEADER, SecurityHeaders.policyWithStyles(value));
  }
}
