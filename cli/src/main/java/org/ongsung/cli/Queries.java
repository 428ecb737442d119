package org.ongsung.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Fills the query of a request.
final class Queries {
  private Queries() {}

  /// Puts a value that was named.
  static void put(Map<String, String> query, String key, @Nullable String value) {
    if (value != null) {
      query.put(key, value);
    }
  }
}
