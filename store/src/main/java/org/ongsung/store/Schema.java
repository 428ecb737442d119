package org.ongsung.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Handle;

/// A part of the schema with migrations of its own: the ledger stands apart, because the embedded
/// database keeps it in a file of its own.
enum Schema {
  MAIN(13),
  LEDGER(2);

  private final int newest;

  Schema(int newest) {
    this.newest = newest;
  }

  /// Its tables, those that others refer to first.
  List<String> tables() {
    return switch (this) {
      case MAIN ->
          List.of(
              "directory_version",
              "users",
              "user_groups",
              "targets",
              "secrets",
              "own_secrets",
              "grants",
              "sessions",
              "channels",
              "file_operations",
              "transcript_lines",
              "transcript_drops",
              "access_tokens",
              "jobs",
              "job_log",
              "job_schedules",
              "stars",
              "notices",
              "wall_links");
      case LEDGER -> List.of("ledger");
    };
  }

  /// Its tables that are made anew from the others and stand in no copy.
  List<String> derivedTables() {
    return this == MAIN ? List.of("scheduled_tasks", "job_workers") : List.of();
  }

  /// The version that this program works with.
  int newest() {
    return newest;
  }

  /// `main` or `ledger`.
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  private String historyTable() {
    return word() + "_schema_history";
  }

  /// The version that is there; 0 for none. Asks the history that Flyway keeps without waking
  /// Flyway, which would cost every start half a second.
  int version(Handle handle) {
    try {
      return version(handle.getConnection());
    } catch (SQLException e) {
      throw StoreFailure.of(e);
    }
  }

  private int version(Connection connection) throws SQLException {
    if (!hasTable(connection, historyTable())) {
      return 0;
    }
    int version = 0;
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select version, success from " + historyTable() + " where version is not null")) {
      while (rows.next()) {
        if (rows.getBoolean(2)) {
          version = Math.max(version, Integer.parseInt(rows.getString(1)));
        }
      }
    }
    return version;
  }

  /// Takes all of it away, with what is in it.
  void drop(Handle handle, Dialect dialect) {
    for (String table : derivedTables()) {
      handle.execute("drop table if exists " + table);
    }
    for (String table : tables().reversed()) {
      handle.execute("drop table if exists " + table);
    }
    handle.execute("drop table if exists " + historyTable());
    if (this == LEDGER && dialect == Dialect.POSTGRESQL) {
      handle.execute("drop function if exists ledger_refuses()");
    }
  }

  /// Whether there is a table of that name.
  static boolean hasTable(Connection connection, String name) throws SQLException {
    try (ResultSet tables =
        connection
            .getMetaData()
            .getTables(null, connection.getSchema(), name, new String[] {"TABLE"})) {
      return tables.next();
    }
  }

  /// Brings the schema to `version`.
  void migrate(DataSource source, Dialect dialect, int version) {
    String folder = "classpath:db/" + word();
    try {
      var configuration =
          Flyway.configure(Schema.class.getClassLoader())
              .dataSource(source)
              .table(historyTable())
              .placeholders(dialect.placeholders())
              // The other part's tables may be there already; none of ours is before version 1.
              .baselineOnMigrate(true)
              .baselineVersion("0")
              .failOnMissingLocations(true)
              .target(Integer.toString(version));
      if (this == LEDGER) {
        configuration.locations(folder, folder + "-" + dialect.name().toLowerCase(Locale.ROOT));
      } else {
        configuration.locations(folder);
      }
      configuration.load().migrate();
    } catch (FlywayException e) {
      throw new DatabaseException("the " + word() + " could not be migrated", e);
    }
  }
}
