package org.ongsung.server.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ongsung.cli.CommandFailure;
import org.ongsung.cli.ExitCode;
import org.ongsung.cli.show.Table;
import org.ongsung.cli.words.Phrase;
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
      printJson(findings.stream().map(DoctorCommand::tree).toList());
    } else {
      Table table = new Table("", words("head.about"), words("head.found"));
      findings.forEach(
          finding ->
              table.row(
                  words("doctor.state." + finding.state().name().toLowerCase(Locale.ROOT)),
                  words("doctor.about." + finding.about()),
                  finding.message().in(surroundings().language())));
      table.print(surroundings().out(), "");
      findings.stream()
          .filter(finding -> !finding.advice().isEmpty())
          .forEach(
              finding ->
                  surroundings()
                      .out()
                      .println(
                          words("doctor.about." + finding.about())
                              + ": "
                              + finding.advice().in(surroundings().language())));
    }
    return findings.stream().anyMatch(f -> f.state() == Finding.State.PROBLEM)
        ? ExitCode.FAILED.status()
        : ExitCode.OK.status();
  }

  /// For programs: in English, whatever the person's language.
  private static Map<String, String> tree(Finding finding) {
    Map<String, String> tree = new LinkedHashMap<>();
    tree.put("about", finding.about());
    tree.put("state", finding.state().name());
    tree.put("message", finding.message().text());
    tree.put("advice", finding.advice().text());
    return tree;
  }

  private List<Finding> findings() {
    Configuration configuration;
    try {
      configuration = ServerCommands.read(surroundings(), root().config());
    } catch (CommandFailure e) {
      return String.valueOf(e.getMessage())
          .lines()
          .map(
              line ->
                  new Finding(
                      "configuration", Finding.State.PROBLEM, Phrase.plain(line), e.advice()))
          .toList();
    }
    return Examination.run(configuration, surroundings().clock());
  }
}
