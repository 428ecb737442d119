package org.ongsung.transcript.index;

/// A search cannot be made right now; it can shortly.
public final class SearchBusyException extends Exception {
  public SearchBusyException(String message) {
    super(message);
  }
}
