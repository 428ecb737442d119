package org.ongsung.server.running;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ongsung.server.configuration.Configuration;
import org.ongsung.server.data.DataFolder;
import org.ongsung.store.Database;
import org.ongsung.store.DatabaseConfig;
import org.ongsung.store.SchemaState;

/// Opens the database and brings it to this version, after a backup of what an older one wrote.
final class DatabaseStart {
  private DatabaseStart() {}

  /// The database, ready to use.
  static Database open(Configuration configuration, DataFolder data, Clock clock)
      throws IOException {
    Database database = Database.open(config(configuration, data.path()));
    try {
      if (database.schemaState() == SchemaState.BEHIND) {
        MigrationBackup.write(data, database, clock.instant());
      }
      database.migrate();
      return database;
    } catch (IOException | RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /// Which database the configuration means.
  static DatabaseConfig config(Configuration configuration, Path data) throws IOException {
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
        DatabaseConfig.Postgres.DEFAULT_POOL_CONNECTIONS);
  }
}
