package org.ongsung.server.command;

import java.util.List;
import java.util.Locale;
import org.ongsung.cli.CommandFailure;
import org.ongsung.cli.ExitCode;
import org.ongsung.cli.show.Table;
import org.ongsung.server.configuration.Configuration;
import org.ongsung.server.configuration.LogLevel;
import org.ongsung.server.doctor.Examination;
import org.ongsung.server.doctor.Finding;
import org.ongsung.server.running.Logs;
import picocli.CommandLine.Command;

/// `ongsung doctor`.
@Command(
    name = "doctor",
    description = {
      "Look at everything the gateway needs, and say what to do about what is wrong.",
      "Java, data folder and file modes, disk, database, clock, ports. Ends with 1 if there is a"
          + " problem."
    })
final class DoctorCommand extends ServerCommand {
  @Override
  int run() {
    Logs.setLevel(LogLevel.ERROR);
    List<Finding> findings = findings();
    if (json()) {
      printJson(findings);
    } else {
      Table table = new Table("", "ABOUT", "FOUND");
      findings.forEach(
          finding ->
              table.row(
                  finding.state().name().toLowerCase(Locale.ROOT),
                  finding.about(),
                  finding.message()));
      table.print(surroundings().out(), "");
      findings.stream()
          .filter(finding -> !finding.advice().isEmpty())
          .forEach(f -> surroundings().out().println(f.about() + ": " + f.advice()));
    }
    return findings.stream().anyMatch(f -> f.state() == Finding.State.PROBLEM)
        ? ExitCode.FAILED.status()
        : ExitCode.OK.status();
  }

  private List<Finding> findings() {
    Configuration configuration;
    try {
      configuration = ServerCommands.read(surroundings(), root().config());
    } catch (CommandFailure e) {
      return String.valueOf(e.getMessage())
          .lines()
          .map(line -> new Finding("configuration", Finding.State.PROBLEM, line, e.advice()))
          .toList();
    }
    return Examination.run(configuration, surroundings().clock());
  }
}
