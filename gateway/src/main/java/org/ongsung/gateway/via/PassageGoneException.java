package org.ongsung.gateway.via;

/// There is no such passage for this worker, or not any more: it has nothing left to do for it.
public final class PassageGoneException extends Exception {
  private static final long serialVersionUID = 1;

  public PassageGoneException() {
    super("no such passage");
  }
}
