package org.ongsung.console.services;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// Where the files of reports are read; the server's business.
@FunctionalInterface
public interface ReportFiles {
  /// A report by the name that its job gave it; empty when it is not here any more. The caller
  /// closes it.
  Optional<InputStream> open(String name) throws IOException;
}
