package org.ongsung.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

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
      protected DatabaseConfig make() throws IOException {
        folder = Files.createTempDirectory("ongsung-store");
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
      public void close() throws IOException {
        if (folder != null) {
          deleteTree(folder);
        }
      }
    };
  }

  static void deleteTree(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.deleteIfExists(path);
      }
    }
  }
}
