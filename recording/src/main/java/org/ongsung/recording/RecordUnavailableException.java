package org.ongsung.recording;

/// The record of a session cannot be written or read. Where it cannot be written the session must
/// end.
public final class RecordUnavailableException extends RuntimeException {
  public RecordUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  public RecordUnavailableException(String message) {
    super(message);
  }
}
