package org.ongsung.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;

/// The native part of SQLite, loaded once.
///
/// The driver unpacks it into the folder for temporary files and counts on a tidy end of the
/// process to delete it. Here the file is deleted as soon as it is loaded: a process that is killed
/// leaves nothing behind either.
final class SqliteLibrary {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteLibrary.class);

  /// Where the driver unpacks to; an operator sets it where the usual folder may not be executed
  /// from.
  private static final String FOLDER = "org.sqlite.tmpdir";

  private static boolean loaded;

  private SqliteLibrary() {}

  /// Loads it, if it is not loaded.
  static synchronized void load() {
    if (loaded) {
      return;
    }
    String usual = System.getProperty(FOLDER, System.getProperty("java.io.tmpdir"));
    Path own = null;
    try {
      own = Files.createTempDirectory(Path.of(usual), "ongsung-sqlite");
      System.setProperty(FOLDER, own.toString());
      SQLiteJDBCLoader.initialize();
      loaded = true;
    } catch (Exception e) {
      throw new DatabaseException("SQLite cannot be loaded from " + usual, e);
    } finally {
      System.setProperty(FOLDER, usual);
      delete(own);
    }
  }

  private static void delete(@Nullable Path folder) {
    if (folder == null) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      LOG.warn("{} cannot be removed", folder, e);
    }
  }
}
