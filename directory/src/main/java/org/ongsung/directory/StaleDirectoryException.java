package org.ongsung.directory;

/// The directory changed between reading and writing; read again and decide again.
public final class StaleDirectoryException extends RuntimeException {
  public StaleDirectoryException(long expectedVersion) {
    super("the directory is no longer at version " + expectedVersion);
  }
}
