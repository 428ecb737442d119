package org.ongsung.server.command;

import org.ongsung.cli.ExitCode;
import picocli.CommandLine.Command;

/// `ongsung serve`.
@Command(name = "serve", description = "Run the gateway until it is told to stop.")
final class ServeCommand extends ServerCommand {
  @Override
  int run() {
    return ExitCode.OK.status();
  }
}
