package org.ongsung.console.services;

import java.io.IOException;
import java.io.OutputStream;

/// Writes a backup of the data folder; the server's business.
@FunctionalInterface
public interface Backup {
  /// Writes a `tar.gz` of everything that a restore needs, consistent in itself. Blocks.
  void writeTo(OutputStream out) throws IOException;
}
