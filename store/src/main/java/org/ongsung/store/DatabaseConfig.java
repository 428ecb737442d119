package org.ongsung.store;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.Shown;

/// Which database: the embedded one in the data folder, or PostgreSQL.
public sealed interface DatabaseConfig {
  /// SQLite files in `folder`, which is there and belongs to this process alone.
  record Embedded(Path folder) implements DatabaseConfig {}

  /// A PostgreSQL database, version 15 or newer, encoded in UTF-8.
  ///
  /// @param url `jdbc:postgresql://host:port/database`, parameters as the driver knows them
  /// @param user null when the URL or the driver's own means say it
  /// @param password null like the user; never printed
  /// @param poolConnections [#MIN_POOL_CONNECTIONS] to [#MAX_POOL_CONNECTIONS]
  record Postgres(String url, @Nullable String user, @Nullable String password, int poolConnections)
      implements DatabaseConfig {
    /// The size of the pool when nobody says: 8.
    public static final int DEFAULT_POOL_CONNECTIONS = 8;

    /// The fewest: a reader at length leaves one for the others.
    public static final int MIN_POOL_CONNECTIONS = 2;

    /// The most; PostgreSQL itself allows 100 unless it is told otherwise.
    public static final int MAX_POOL_CONNECTIONS = 100;

    public Postgres {
      if (!url.startsWith(POSTGRES)) {
        throw new IllegalArgumentException(
            "a PostgreSQL URL reads jdbc:postgresql://host:port/database");
      }
      if (poolConnections < MIN_POOL_CONNECTIONS || poolConnections > MAX_POOL_CONNECTIONS) {
        throw new IllegalArgumentException("the pool has 2 to 100 connections: " + poolConnections);
      }
    }

    /// Host and database, without parameters, which may hold a password.
    public String shown() {
      int parameters = url.indexOf('?');
      String plain = parameters < 0 ? url : url.substring(0, parameters);
      int at = plain.lastIndexOf('@');
      return at < 0 ? plain : POSTGRES + "//…" + plain.substring(at);
    }

    @Override
    public String toString() {
      return "Postgres[" + shown() + "]";
    }
  }

  /// How a PostgreSQL URL starts.
  String POSTGRES = "jdbc:postgresql:";

  /// Reads the configuration's `database.url`: null, empty or `embedded` for SQLite in `data`, or a
  /// PostgreSQL URL.
  static DatabaseConfig of(
      @Nullable String url,
      Path data,
      @Nullable String user,
      @Nullable String password,
      int poolConnections) {
    if (url == null || url.isBlank() || url.equals("embedded")) {
      return new Embedded(data);
    }
    if (url.startsWith(POSTGRES)) {
      return new Postgres(url, user, password, poolConnections);
    }
    int scheme = url.indexOf("//");
    throw new IllegalArgumentException(
        "database.url is \"embedded\" or jdbc:postgresql://host:port/database, not "
            + Shown.quoted(scheme < 0 ? url : url.substring(0, scheme)));
  }
}
