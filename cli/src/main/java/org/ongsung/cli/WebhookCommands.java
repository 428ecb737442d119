package org.ongsung.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.ongsung.cli.client.ApiClient;
import org.ongsung.cli.words.Phrase;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/// `ongsung webhook secret`.
@Command(
    name = "webhook",
    description = "What events of the ledger are posted with, as notify.webhook says.",
    subcommands = WebhookCommands.SetSecret.class)
final class WebhookCommands {
  private static final String SECRET = "webhook/secret";

  /// `ongsung webhook secret`.
  @Command(
      name = "secret",
      description = {
        "Set what the posts are signed with; the vault seals it, and nobody can read it again.",
        "It is for the owner of the data folder, on the gateway's own machine, and counts at once."
      })
  static final class SetSecret extends GatewayCommand {
    @ArgGroup private Way way = new Way();

    /// Where it comes from; a prompt where nothing says so.
    static final class Way {
      @Option(
          names = "--secret-stdin",
          description = "Take it from standard input: the first line.")
      private boolean stdin;

      @Option(
          names = "--secret-file",
          paramLabel = "FILE",
          description = "Take it from a file of mode 0600: the first line.")
      private @Nullable Path file;

      @Option(
          names = "--remove",
          description = "Take it away; then notify.webhookSecretFile counts again.")
      private boolean remove;
    }

    @Override
    void run(ApiClient gateway) throws IOException {
      if (way.remove) {
        gateway.send("DELETE", SECRET, null);
      } else {
        ObjectNode body = gateway.object().put("secret", secret());
        gateway.send("PUT", SECRET, body);
      }
      if (json()) {
        printJson(gateway.object().put("set", !way.remove));
      }
      say(way.remove ? "webhook.removed" : "webhook.set");
    }

    private String secret() throws IOException {
      SecretInput input = new SecretInput(surroundings());
      Path file = way.file;
      if (file == null) {
        return input.fresh(words("ask.webhook"), way.stdin);
      }
      String line = input.file(file).lines().findFirst().orElse("").strip();
      if (line.isEmpty()) {
        throw usage(Phrase.of("empty-secret", file), Phrase.of("empty-secret.advice"));
      }
      return line;
    }
  }
}
