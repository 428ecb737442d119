package org.ongsung.cli;

import java.util.Map;
import org.ongsung.cli.client.ApiClient;
import org.ongsung.cli.show.Table;
import org.ongsung.cli.words.Phrase;
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
    Table table = table(kind.heads().toArray(String[]::new));
    for (JsonNode entry : items(answer)) {
      table.row(kind.row(entry).toArray(String[]::new));
    }
    print(table, "none.entries", kind.collection(), kind.word(), Phrase.of("kind." + kind.word()));
  }
}
