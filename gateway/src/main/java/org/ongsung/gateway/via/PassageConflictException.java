package org.ongsung.gateway.via;

/// A worker speaks of bytes that are not the next ones: going on would lose some.
public final class PassageConflictException extends Exception {
  private static final long serialVersionUID = 1;

  public PassageConflictException(String message) {
    super(message);
  }
}
