package org.ongsung.cli;

import org.ongsung.cli.client.ApiClient;
import org.ongsung.cli.words.Phrase;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `ongsung user delete NAME` and its like.
@Command(name = "delete")
final class EntryDeleteCommand extends GatewayCommand {
  private final EntryKind kind;

  @Parameters(paramLabel = "NAME", description = "Whose entry.")
  private String name = "";

  EntryDeleteCommand(EntryKind kind) {
    this.kind = kind;
  }

  @Override
  void run(ApiClient gateway) {
    JsonNode answer = gateway.send("DELETE", ApiClient.path(kind.collection(), name), null);
    if (json()) {
      printJson(answer);
    }
    say("deleted", Phrase.of("kind." + kind.word()), name);
  }
}
