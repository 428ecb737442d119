package org.ongsung.store;

/// The database cannot be opened, migrated, backed up or restored; the message says what to do.
public class DatabaseException extends RuntimeException {
  public DatabaseException(String message, Throwable cause) {
    super(message, cause);
  }

  public DatabaseException(String message) {
    super(message);
  }
}
