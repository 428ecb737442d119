package org.ongsung.server.worker;

/// A gateway answers, and does not take the token for a worker's.
public final class TokenRefusedException extends RuntimeException {
  TokenRefusedException(int status) {
    super("the gateway answered with HTTP status " + status);
  }
}
