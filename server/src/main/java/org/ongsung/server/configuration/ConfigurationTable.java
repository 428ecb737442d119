package org.ongsung.server.configuration;

/// The table of keys in docs/configuration.md.
public final class ConfigurationTable {
  private ConfigurationTable() {}

  /// The table in Markdown, a row for each key.
  public static String markdown() {
    StringBuilder table =
        new StringBuilder(
            "| key | value | default | environment | meaning |\n|---|---|---|---|---|\n");
    for (ConfigurationKey<?> key : Keys.ALL) {
      table
          .append("| `")
          .append(key.name())
          .append("` | ")
          .append(key.form())
          .append(" | ")
          .append(key.fallback())
          .append(" | `")
          .append(key.variable())
          .append("` | ")
          .append(key.meaning())
          .append(" |\n");
    }
    return table.toString();
  }
}
