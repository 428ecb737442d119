package org.ongsung.cli;

import java.util.Locale;
import java.util.Map;
import org.ongsung.cli.client.ApiClient;
import org.ongsung.cli.show.Table;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/// `ongsung user list` and its like.
@Command(name = "list")
final class EntryListCommand extends GatewayCommand {
  private final EntryKind kind;

  EntryListCommand(EntryKind kind) {
    this.kind = kind;
  }

  @Override
  void run(ApiClient gateway) {
    JsonNode answer = gateway.get(kind.collection(), Map.of());
    if (json()) {
      items(answer).forEach(kind::complete);
      printJson(answer);
      return;
    }
    Table table =
        new Table(
            kind.heads().stream()
                .map(head -> head.toUpperCase(Locale.ROOT))
                .toArray(String[]::new));
    for (JsonNode entry : items(answer)) {
      table.row(kind.row(entry).toArray(String[]::new));
    }
    table.print(
        surroundings().out(),
        "No " + kind.collection() + " yet. Add one: ongsung " + kind.word() + " add --help");
  }
}
