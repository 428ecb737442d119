package org.ongsung.server.command;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.ongsung.cli.CommandFailure;
import org.ongsung.cli.CommandRoster;
import org.ongsung.cli.ExitCode;
import org.ongsung.cli.Surroundings;
import org.ongsung.cli.client.LocalGateway;
import org.ongsung.cli.words.Phrase;
import org.ongsung.server.configuration.Configuration;
import org.ongsung.server.configuration.ConfigurationException;
import org.ongsung.server.configuration.ConfigurationReader;

/// Adds the commands of this room, and finds the gateway of this machine for the others.
public final class ServerCommands {
  private ServerCommands() {}

  public static void addTo(CommandRoster roster) {
    roster
        .add("serve", ServeCommand::new)
        .add("demo", DemoCommand::new)
        .add("backup", BackupCommand::new)
        .add("restore", RestoreCommand::new)
        .add("worker", WorkerCommand::new)
        .add("doctor", DoctorCommand::new)
        .add("package", PackageCommand::new)
        .add("version", VersionCommand::new);
  }

  /// The gateway that the configuration describes.
  public static LocalGateway.Place localGateway(Surroundings surroundings, Optional<Path> config) {
    Configuration configuration = read(surroundings, config);
    return new LocalGateway.Place(address(configuration), configuration.tokenFile());
  }

  /// The configuration that holds for this command.
  static Configuration read(Surroundings surroundings, Optional<Path> config) {
    try {
      return ConfigurationReader.read(config, surroundings.environment(), surroundings.folder());
    } catch (ConfigurationException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          Phrase.plain(String.valueOf(e.getMessage())),
          Phrase.of("config.advice"),
          e);
    }
  }

  /// The console's address as this machine reaches it. A running gateway writes it on the second
  /// line of its token file, which says more than the configuration where the port was 0.
  private static URI address(Configuration configuration) {
    try {
      List<String> lines = Files.readAllLines(configuration.tokenFile());
      if (lines.size() > 1) {
        return URI.create(lines.get(1).strip());
      }
    } catch (IOException | IllegalArgumentException e) {
      // Not running or not ours: the configuration has to do.
    }
    return configuration.localUrl(configuration.listenHttp());
  }
}
