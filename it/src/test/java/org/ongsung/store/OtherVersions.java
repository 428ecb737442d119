package org.ongsung.store;

/// Databases as other versions of the product leave them behind.
public final class OtherVersions {
  private OtherVersions() {}

  /// The oldest schema, with rows in it.
  ///
  /// @param rows statements on the main schema
  public static void writeOldest(DatabaseConfig config, String... rows) {
    try (Database database = Database.open(config)) {
      database.migrate(Schema.MAIN, 1);
      database.migrate(Schema.LEDGER, 1);
      for (String row : rows) {
        int _ = database.sql(Schema.MAIN).write(handle -> handle.execute(row));
      }
    }
  }

  /// A schema that this version does not know yet.
  public static void writeNewer(DatabaseConfig config) {
    try (Database database = Database.open(config)) {
      database.migrate();
      String yes = config instanceof DatabaseConfig.Embedded ? "1" : "true";
      String row =
          "insert into main_schema_history (installed_rank, version, description, type, script,"
              + " installed_by, execution_time, success) values (99, '99', '', 'SQL', '', '', 0, "
              + yes
              + ")";
      int _ = database.sql(Schema.MAIN).write(handle -> handle.execute(row));
    }
  }
}
