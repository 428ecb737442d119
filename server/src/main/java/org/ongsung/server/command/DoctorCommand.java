package org.ongsung.server.command;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.ongsung.cli.CommandFailure;
import org.ongsung.cli.ExitCode;
import org.ongsung.cli.client.ApiClient;
import org.ongsung.cli.client.GatewayUnreachable;
import org.ongsung.cli.client.LocalGateway;
import org.ongsung.cli.show.Table;
import org.ongsung.cli.words.Phrase;
import org.ongsung.server.configuration.Configuration;
import org.ongsung.server.configuration.LogLevel;
import org.ongsung.server.doctor.Examination;
import org.ongsung.server.doctor.Finding;
import org.ongsung.server.doctor.FrontExamination;
import org.ongsung.server.doctor.TrustedCertificates;
import org.ongsung.server.running.Logs;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `ongsung doctor`.
@Command(
    name = "doctor",
    description = {
      "Look at everything the gateway needs, and say what to do about what is wrong.",
      "Java, data folder and file modes, disk, database, clock, ports. Ends with 1 if there is a"
          + " problem.",
      "With --behind, look at the running gateway through the web server in front of it instead, and"
          + " name each setting that is wrong there with the line that mends it."
    })
final class DoctorCommand extends ServerCommand {
  @Option(
      names = "--behind",
      paramLabel = "URL",
      description = "How browsers reach the console, such as https://gate.example.com/ongsung.")
  private @Nullable URI behind;

  @Option(
      names = "--trust",
      paramLabel = "FILE",
      description =
          "Certificates to trust the web server's HTTPS by, as PEM, in place of those that Java"
              + " trusts.")
  private @Nullable Path trust;

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
    return behind == null
        ? Examination.run(configuration, surroundings().clock())
        : behind(behind, configuration);
  }

  private List<Finding> behind(URI front, Configuration configuration) {
    LocalGateway.Place place = ServerCommands.localGateway(surroundings(), root().config());
    Path tokenFile = configuration.tokenFile();
    try (ApiClient gateway =
        new ApiClient(
            place.address(), Optional.of(Files.readAllLines(tokenFile).getFirst().strip()))) {
      Optional<SSLContext> tls =
          trust == null
              ? Optional.empty()
              : Optional.of(TrustedCertificates.of(surroundings().folder().resolve(trust)));
      return FrontExamination.run(front, gateway, tls);
    } catch (CommandFailure e) {
      return List.of(new Finding("way", Finding.State.PROBLEM, e.message(), e.advice()));
    } catch (GatewayUnreachable | NoSuchFileException e) {
      return List.of(
          new Finding(
              "gateway",
              Finding.State.PROBLEM,
              Phrase.of("doctor.front.no-gateway"),
              Phrase.of("doctor.front.no-gateway.advice")));
    } catch (IOException e) {
      return List.of(
          new Finding(
              "gateway",
              Finding.State.PROBLEM,
              Phrase.of("doctor.front.no-token", String.valueOf(e.getMessage())),
              Phrase.of("doctor.front.no-token.advice")));
    }
  }
}
