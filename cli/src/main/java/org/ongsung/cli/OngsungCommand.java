package org.ongsung.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ongsung.cli.client.ApiClient;
import org.ongsung.cli.client.LocalGateway;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// `ongsung`: what all commands share.
@Command(
    name = "ongsung",
    description =
        "Network access audit gateway: people reach targets through it, and everything is seen.",
    scope = ScopeType.INHERIT,
    mixinStandardHelpOptions = false,
    sortOptions = false,
    showDefaultValues = false,
    usageHelpAutoWidth = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done",
      "1:failed; the message says why",
      "2:the command line or a file was wrong",
      "3:not logged in, or not allowed",
      "4:what was named is not there",
      "5:no gateway answers"
    },
    descriptionHeading = "%n",
    parameterListHeading = "%n",
    optionListHeading = "%n",
    commandListHeading = "%nCommands:%n")
public final class OngsungCommand {
  /// How results are printed.
  public enum OutputForm {
    /// For people.
    text,
    /// For programs: one JSON document, or JSON lines where a command says so.
    json
  }

  private final Surroundings surroundings;
  private final LocalGateway localGateway;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description =
          "Configuration of the gateway on this machine. Default: ONGSUNG_CONFIG, then"
              + " ongsung.yaml here, then /etc/ongsung/ongsung.yaml.")
  private @Nullable Path config;

  @Option(
      names = "--output",
      paramLabel = "FORM",
      scope = ScopeType.INHERIT,
      description = "text (for people; the default) or json (for programs).")
  private OutputForm output = OutputForm.text;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // read by picocli
  private boolean help;

  public OngsungCommand(Surroundings surroundings, LocalGateway localGateway) {
    this.surroundings = surroundings;
    this.localGateway = localGateway;
  }

  public Surroundings surroundings() {
    return surroundings;
  }

  public OutputForm output() {
    return output;
  }

  /// The configuration file that was named, by option or environment, resolved against the folder
  /// of the start.
  public Optional<Path> config() {
    return Optional.ofNullable(config)
        .or(() -> surroundings.variable("ONGSUNG_CONFIG").map(Path::of))
        .map(file -> surroundings.folder().resolve(file));
  }

  /// A client of the gateway that is meant; see [Connections].
  public ApiClient connect() {
    return new Connections(surroundings, localGateway).open(config());
  }

  /// Where logins at other gateways are kept.
  public Path loginFile() {
    return Connections.loginFile(surroundings);
  }
}
