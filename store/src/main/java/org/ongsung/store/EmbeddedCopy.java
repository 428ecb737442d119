package org.ongsung.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// The files of an embedded database, put back from a backup.
final class EmbeddedCopy {
  private static final List<String> FILES = List.of(Database.MAIN_FILE, Database.LEDGER_FILE);
  private static final List<String> SUFFIXES = List.of("", "-wal", "-shm", "-journal");

  private EmbeddedCopy() {}

  /// Restores the files in `copy` into the empty database that `config` names.
  static void restore(DatabaseConfig config, Path copy) {
    switch (config) {
      case DatabaseConfig.Embedded(Path folder) -> putBack(copy, folder);
      case DatabaseConfig.Postgres postgres -> moveTo(postgres, copy);
    }
  }

  private static void putBack(Path copy, Path folder) {
    for (String name : FILES) {
      if (Files.exists(folder.resolve(name))) {
        throw new DatabaseException(
            "the data folder already holds a database: restore into an empty one, not " + folder);
      }
    }
    try {
      copyFiles(copy, folder);
      Database.open(new DatabaseConfig.Embedded(folder)).close(); // refuses what is too new
    } catch (RuntimeException e) {
      deleteFiles(folder);
      throw e;
    }
  }

  /// By way of a scratch copy of the files, because SQLite writes beside a file even to read it.
  private static void moveTo(DatabaseConfig.Postgres postgres, Path copy) {
    Path files = scratchFolder();
    Path portable = scratchFolder();
    try {
      copyFiles(copy, files);
      try (Database embedded = Database.open(new DatabaseConfig.Embedded(files))) {
        embedded.exportTo(portable);
      }
      Database.restore(postgres, portable);
    } finally {
      deleteFiles(files);
      PortableCopy.deleteQuietly(files);
      PortableCopy.delete(portable);
    }
  }

  private static Path scratchFolder() {
    try {
      return Files.createTempDirectory(
          "ongsung-restore",
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new DatabaseException("no temporary folder can be made", e);
    }
  }

  private static void copyFiles(Path from, Path to) {
    for (String name : FILES) {
      Path file = to.resolve(name);
      try {
        SqliteFile.createPrivate(file);
        try (FileChannel in = FileChannel.open(from.resolve(name), StandardOpenOption.READ);
            FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
          for (long at = 0; at < in.size(); ) {
            at += in.transferTo(at, in.size() - at, out);
          }
          out.force(true);
        }
      } catch (IOException e) {
        throw new DatabaseException("the copy cannot be put back as " + file, e);
      }
    }
  }

  /// Deletes the files of a database from `folder`.
  private static void deleteFiles(Path folder) {
    for (String name : FILES) {
      for (String suffix : SUFFIXES) {
        PortableCopy.deleteQuietly(folder.resolve(name + suffix));
      }
    }
  }
}
