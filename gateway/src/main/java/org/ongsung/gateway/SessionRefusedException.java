package org.ongsung.gateway;

/// No session: the message says why, in words for the person, and what to do next.
public final class SessionRefusedException extends Exception {
  public SessionRefusedException(String message) {
    super(message);
  }
}
