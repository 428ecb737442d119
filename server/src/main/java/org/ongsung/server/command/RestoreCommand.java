package org.ongsung.server.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ongsung.cli.CommandFailure;
import org.ongsung.cli.ExitCode;
import org.ongsung.cli.words.Phrase;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.server.configuration.Configuration;
import org.ongsung.server.running.DatabaseStart;
import org.ongsung.server.upkeep.DataRestore;
import org.ongsung.store.Database;
import org.ongsung.store.DatabaseConfig;
import org.ongsung.store.DatabaseException;
import org.ongsung.store.SchemaState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `ongsung restore FILE`.
@Command(
    name = "restore",
    description = {
      "Put a backup into the data folder and database of the configuration, which must be empty.",
      "Every file is verified first; a backup that is damaged, or of a newer version, changes"
          + " nothing."
    })
final class RestoreCommand extends ServerCommand {
  @Parameters(paramLabel = "FILE", description = "What ongsung backup wrote.")
  private Path file = Path.of("");

  @Override
  int run() throws IOException {
    Configuration configuration = ServerCommands.read(surroundings(), root().config());
    Path source = surroundings().folder().resolve(file);
    DataRestore.Restored restored;
    try (InputStream archive = Files.newInputStream(source)) {
      restored =
          new DataRestore()
              .restore(
                  archive,
                  configuration.data(),
                  (copy, folder) -> restoreDatabase(configuration, copy, folder));
    } catch (DatabaseException e) {
      throw new CommandFailure(
          ExitCode.FAILED,
          Phrase.plain(String.valueOf(e.getMessage())),
          Phrase.of("restore.database.advice"),
          e);
    } catch (java.util.zip.ZipException | java.io.EOFException e) {
      throw new CommandFailure(
          ExitCode.FAILED,
          Phrase.of("restore.damaged", source, String.valueOf(e.getMessage())),
          Phrase.of("restore.damaged.advice"),
          e);
    }
    tell(configuration, restored);
    return ExitCode.OK.status();
  }

  /// Fills the database from its copy, and tells its ledger.
  private void restoreDatabase(Configuration configuration, Path copy, Path folder)
      throws IOException {
    DatabaseConfig config = DatabaseStart.config(configuration, folder);
    Database.restore(config, copy);
    try (Database database = Database.open(config)) {
      if (database.schemaState() == SchemaState.CURRENT) {
        AuditEvent event =
            new AuditEvent(
                Clock.systemUTC().instant(),
                AuditCode.RESTORED,
                AuditEvent.SYSTEM,
                "",
                null,
                String.valueOf(file.getFileName()),
                Map.of());
        database.ledger().append(List.of(event));
      }
    }
  }

  private void tell(Configuration configuration, DataRestore.Restored restored) {
    if (json()) {
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("data", configuration.data().toString());
      facts.put("version", restored.version());
      facts.put("createdAt", restored.createdAt().toString());
      facts.put("files", restored.files());
      printJson(facts);
      return;
    }
    surroundings()
        .out()
        .println(
            words("restore.done", configuration.data(), restored.createdAt(), restored.files()));
  }
}
