package org.ongsung.transcript.line;

/// The lines cannot be read or written now; the message says why, for an operator.
public final class TranscriptUnavailableException extends RuntimeException {
  public TranscriptUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
