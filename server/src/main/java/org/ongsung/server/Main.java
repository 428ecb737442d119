package org.ongsung.server;

import org.ongsung.cli.CommandRoster;
import org.ongsung.cli.Commands;
import org.ongsung.cli.Surroundings;
import org.ongsung.server.command.ServerCommands;
import picocli.CommandLine;

/// Where the program `ongsung` starts.
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    Surroundings surroundings = Surroundings.ofThisProcess();
    int status = commandLine(surroundings, arguments).execute(arguments);
    surroundings.out().flush();
    System.exit(status);
  }

  /// The command line for these arguments, with every command where they name none: those that
  /// speak to a gateway, and those that are one.
  public static CommandLine commandLine(Surroundings surroundings, String... arguments) {
    CommandRoster roster = Commands.roster();
    ServerCommands.addTo(roster);
    return Commands.assemble(
        roster,
        surroundings,
        config -> ServerCommands.localGateway(surroundings, config),
        arguments);
  }
}
