package org.ongsung.server.running;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ongsung.server.configuration.Configuration;
import org.ongsung.server.data.DataFolder;
import org.ongsung.server.data.Version;
import org.ongsung.server.upkeep.DataBackup;
import org.ongsung.store.Database;
import org.ongsung.store.DatabaseConfig;
import org.ongsung.store.SchemaState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens the database and brings it to this version, after a backup of what an older one wrote.
public final class DatabaseStart {
  private static final Logger LOG = LoggerFactory.getLogger(DatabaseStart.class);
  private static final String BACKUPS = "backups";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssX", Locale.ROOT).withZone(ZoneOffset.UTC);

  private DatabaseStart() {}

  /// The database, ready to use.
  static Database open(Configuration configuration, DataFolder data, Clock clock)
      throws IOException {
    Database database = Database.open(config(configuration, data.path()));
    try {
      if (database.schemaState() == SchemaState.BEHIND) {
        backUp(data, database, clock.instant());
      }
      database.migrate();
      return database;
    } catch (IOException | RuntimeException e) {
      database.close();
      throw e;
    }
  }

  private static void backUp(DataFolder data, Database database, Instant now) throws IOException {
    Path folder = data.resolve(BACKUPS);
    Files.createDirectories(folder, DataFolder.FOLDER_MODE);
    Path file = folder.resolve("before-" + Version.text() + "-" + TIME.format(now) + ".tar.gz");
    LOG.info("an older version wrote this data folder; backing it up into {} first", file);
    Files.createFile(file, DataFolder.FILE_MODE);
    try {
      new DataBackup(data.path(), database).write(Files.newOutputStream(file), now);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(file); // half a backup must not pass for one
      throw e;
    }
  }

  /// Which database the configuration means.
  public static DatabaseConfig config(Configuration configuration, Path data) throws IOException {
    Configuration.Database wanted = configuration.database();
    @Nullable String password = null;
    Optional<Path> passwordFile = wanted.passwordFile();
    if (passwordFile.isPresent()) {
      password =
          Files.readString(passwordFile.get(), StandardCharsets.UTF_8)
              .lines()
              .findFirst()
              .orElse("");
    }
    return DatabaseConfig.of(
        wanted.url().orElse(null),
        data,
        wanted.user().orElse(null),
        password,
        wanted.connections());
  }
}
