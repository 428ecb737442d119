package org.ongsung.server;

import org.ongsung.cli.Commands;
import org.ongsung.cli.Surroundings;
import org.ongsung.server.command.ServerCommands;
import picocli.CommandLine;

/// Where the program `ongsung` starts.
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    Surroundings surroundings = Surroundings.ofThisProcess();
    int status = commandLine(surroundings).execute(arguments);
    surroundings.out().flush();
    System.exit(status);
  }

  /// Every command: those that speak to a gateway, and those that are one.
  public static CommandLine commandLine(Surroundings surroundings) {
    CommandLine line =
        Commands.assemble(
            surroundings, config -> ServerCommands.localGateway(surroundings, config));
    ServerCommands.addTo(line);
    return Commands.finish(line, surroundings);
  }
}
