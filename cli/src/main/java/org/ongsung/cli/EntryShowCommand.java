package org.ongsung.cli;

import java.util.Map;
import org.ongsung.cli.client.ApiClient;
import org.ongsung.cli.show.YamlText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `ongsung user show NAME` and its like: the entry as it would stand in an access file.
@Command(name = "show")
final class EntryShowCommand extends GatewayCommand {
  private final EntryKind kind;

  @Parameters(paramLabel = "NAME", description = "Whose entry.")
  private String name = "";

  EntryShowCommand(EntryKind kind) {
    this.kind = kind;
  }

  @Override
  void run(ApiClient gateway) {
    JsonNode entry = gateway.get(ApiClient.path(kind.collection(), name), Map.of());
    if (json()) {
      printJson(kind.complete(entry));
    } else {
      surroundings().out().print(YamlText.of(entry));
    }
  }
}
