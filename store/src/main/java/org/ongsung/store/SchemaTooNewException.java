package org.ongsung.store;

/// The data was written by a newer version than this one; nothing was touched.
public final class SchemaTooNewException extends DatabaseException {
  SchemaTooNewException(String where, int found, int known) {
    super(
        "the data in "
            + where
            + " was written by a newer version of Ongsung (schema "
            + found
            + "; this version knows up to "
            + known
            + "): start the newer version again, or restore a backup made with this one");
  }
}
