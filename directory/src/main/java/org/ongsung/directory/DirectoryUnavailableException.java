package org.ongsung.directory;

/// The directory cannot be read or written now. The last snapshot stays in use; changes are
/// refused.
public final class DirectoryUnavailableException extends RuntimeException {
  public DirectoryUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  public DirectoryUnavailableException(String message) {
    super(message);
  }
}
