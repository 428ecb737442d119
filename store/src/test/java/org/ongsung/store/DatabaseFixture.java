package org.ongsung.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.ongsung.testkit.Folders;
import org.ongsung.testkit.TemporaryPostgres;

/// Makes an empty database for one test and takes it away again.
abstract class DatabaseFixture implements AutoCloseable {
  private DatabaseConfig config;

  /// An empty database.
  final DatabaseConfig create() throws Exception {
    config = make();
    return config;
  }

  /// What [#create] gave.
  final DatabaseConfig config() {
    return config;
  }

  protected abstract DatabaseConfig make() throws Exception;

  /// Runs `sql` on the ledger's database past all our code, as somebody with the file or the
  /// password could.
  abstract void execute(String sql) throws SQLException;

  @Override
  public abstract void close() throws Exception;

  /// SQLite in a folder of its own.
  static DatabaseFixture sqlite() {
    return new DatabaseFixture() {
      private Path folder;

      @Override
      protected DatabaseConfig make() {
        folder = Folders.temporary("ongsung-store");
        return new DatabaseConfig.Embedded(folder);
      }

      @Override
      void execute(String sql) throws SQLException {
        String url = "jdbc:sqlite:" + folder.resolve(Database.LEDGER_FILE);
        try (Connection connection = DriverManager.getConnection(url);
            Statement statement = connection.createStatement()) {
          statement.execute(sql);
        }
      }

      @Override
      public void close() {
        if (folder != null) {
          Folders.delete(folder);
        }
      }
    };
  }

  /// A database of this JVM's PostgreSQL.
  static DatabaseFixture postgres() {
    return new DatabaseFixture() {
      private TemporaryPostgres.Database database;

      @Override
      protected DatabaseConfig make() {
        database = TemporaryPostgres.shared().newDatabase();
        return config(database);
      }

      @Override
      void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(database.urlWithPassword());
            Statement statement = connection.createStatement()) {
          statement.execute(sql);
        }
      }

      @Override
      public void close() {
        // The cluster goes with the JVM.
      }
    };
  }

  /// How to reach `database`, with a small pool.
  static DatabaseConfig.Postgres config(TemporaryPostgres.Database database) {
    return new DatabaseConfig.Postgres(database.url(), database.user(), database.password(), 4);
  }
}
