package org.ongsung.policy;

/// Tokens cannot be read or written now: nobody is let in by one until they can.
public final class TokensUnavailableException extends RuntimeException {
  public TokensUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  public TokensUnavailableException(String message) {
    super(message);
  }
}
