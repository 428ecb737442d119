package org.ongsung.server.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ongsung.cli.CommandFailure;
import org.ongsung.cli.ExitCode;
import org.ongsung.cli.client.ApiClient;
import org.ongsung.cli.show.Measures;
import org.ongsung.cli.words.Phrase;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.server.configuration.Configuration;
import org.ongsung.server.data.DataFolder;
import org.ongsung.server.running.DatabaseStart;
import org.ongsung.server.upkeep.DataBackup;
import org.ongsung.store.Database;
import org.ongsung.store.SchemaState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `ongsung backup FILE`.
@Command(
    name = "backup",
    description = {
      "Back up the data folder and the database into one file, also while the gateway runs.",
      "It holds everything, the keys of the vault too: keep it as safe as the folder itself."
    })
final class BackupCommand extends ServerCommand {
  @Parameters(paramLabel = "FILE", description = "The tar.gz to write; must not be there yet.")
  private Path file = Path.of("");

  @Override
  int run() throws IOException {
    Path target = surroundings().folder().resolve(file);
    Configuration configuration = ServerCommands.read(surroundings(), root().config());
    OutputStream created = create(target);
    // From here on the file is this command's own, to delete when the backup fails.
    boolean done = false;
    try (OutputStream out = created) {
      if (Files.exists(configuration.tokenFile()) && DataFolder.isTaken(configuration.data())) {
        fromRunning(out);
      } else {
        fromFolder(configuration, out);
      }
      done = true;
    } finally {
      if (!done) {
        Files.deleteIfExists(target);
      }
    }
    tell(target);
    return ExitCode.OK.status();
  }

  private static OutputStream create(Path target) throws IOException {
    try {
      Files.createFile(target, DataFolder.FILE_MODE);
    } catch (FileAlreadyExistsException e) {
      throw new CommandFailure(
          ExitCode.FAILED,
          Phrase.of("backup.exists", target),
          Phrase.of("backup.exists.advice"),
          e);
    }
    return Files.newOutputStream(target, StandardOpenOption.WRITE);
  }

  private void fromRunning(OutputStream out) throws IOException {
    try (ApiClient gateway = root().connect();
        InputStream backup = gateway.stream("POST", "backup", Map.of())) {
      backup.transferTo(out);
    }
  }

  private static void fromFolder(Configuration configuration, OutputStream out) throws IOException {
    if (!Files.isDirectory(configuration.data())) {
      throw new CommandFailure(
          ExitCode.NOT_FOUND,
          Phrase.of("backup.no-data", configuration.data()),
          Phrase.of("backup.no-data.advice"));
    }
    try (DataFolder data = DataFolder.open(configuration.data());
        Database database =
            Database.open(DatabaseStart.config(configuration, configuration.data()))) {
      if (database.schemaState() == SchemaState.CURRENT) {
        database
            .ledger()
            .append(
                List.of(
                    new AuditEvent(
                        Clock.systemUTC().instant(),
                        AuditCode.BACKUP_CREATED,
                        AuditEvent.SYSTEM,
                        "",
                        null,
                        "offline",
                        Map.of())));
      }
      new DataBackup(data.path(), database).write(out, Clock.systemUTC().instant());
    }
  }

  private void tell(Path target) throws IOException {
    if (json()) {
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("file", target.toString());
      facts.put("bytes", Files.size(target));
      printJson(facts);
      return;
    }
    surroundings().out().println(target + " " + Measures.bytes(Files.size(target)));
  }
}
