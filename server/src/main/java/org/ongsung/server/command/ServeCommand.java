package org.ongsung.server.command;

import java.io.PrintStream;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ongsung.cli.ExitCode;
import org.ongsung.server.configuration.Configuration;
import org.ongsung.server.running.Logs;
import org.ongsung.server.running.OngsungServer;
import org.ongsung.server.running.RunUntilSignalled;
import org.ongsung.server.running.Supervisor;
import picocli.CommandLine.Command;

/// `ongsung serve`.
@Command(
    name = "serve",
    description = {
      "Run the gateway until it is told to stop.",
      "SIGTERM or Ctrl-C stops it gently: people in sessions are told, get the time configured as"
          + " drain, and what is left is ended and recorded. The log goes to standard error."
    })
final class ServeCommand extends ServerCommand {
  @Override
  int run() throws InterruptedException {
    Configuration configuration = ServerCommands.read(surroundings(), root().config());
    Logs.setLevel(configuration.logLevel());
    OngsungServer server = OngsungServer.start(configuration, Clock.systemUTC());
    RunUntilSignalled stop = RunUntilSignalled.install();
    Supervisor supervisor = Supervisor.of(surroundings().environment());
    int status = ExitCode.FAILED.status();
    try (server) {
      tell(server);
      supervisor.ready();
      stop.await();
      supervisor.stopping();
      server.drain();
      status = ExitCode.OK.status();
    } finally {
      stop.done(status);
    }
    return status;
  }

  private void tell(OngsungServer server) {
    PrintStream out = surroundings().out();
    if (json()) {
      Map<String, String> facts = new LinkedHashMap<>();
      facts.put("ssh", server.ssh().toString());
      server.telnet().ifPresent(address -> facts.put("telnet", address.toString()));
      server.telnets().ifPresent(address -> facts.put("telnets", address.toString()));
      facts.put("console", server.consoleUrl().toString());
      server.fastCgiAddress().ifPresent(address -> facts.put("fastcgi", address.toString()));
      server.freshAdminPassword().ifPresent(file -> facts.put("adminPassword", file.toString()));
      printJson(facts);
    } else {
      out.println("ssh      " + server.ssh());
      server.telnet().ifPresent(address -> out.println("telnet   " + address));
      server.telnets().ifPresent(address -> out.println("telnets  " + address));
      out.println("console  " + server.consoleUrl());
      server.fastCgiAddress().ifPresent(address -> out.println("fastcgi  " + address));
      server
          .freshAdminPassword()
          .ifPresent(file -> out.println("admin    " + words("serve.admin", file)));
    }
    out.flush();
  }
}
