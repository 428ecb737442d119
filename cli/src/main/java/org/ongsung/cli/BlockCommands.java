package org.ongsung.cli;

import java.util.Map;
import org.ongsung.cli.client.ApiClient;
import org.ongsung.cli.show.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `ongsung block list|release`.
@Command(
    name = "block",
    description = "Addresses and users that are blocked after too many failed logins.",
    subcommands = {BlockCommands.ListBlocks.class, BlockCommands.ReleaseBlock.class})
final class BlockCommands {
  /// `ongsung block list`.
  @Command(name = "list", description = "List what is blocked now, and until when.")
  static final class ListBlocks extends GatewayCommand {
    @Override
    void run(ApiClient gateway) {
      JsonNode answer = gateway.get("blocks", Map.of());
      if (json()) {
        printJson(answer);
        return;
      }
      Table table = table("key", "failures", "until");
      for (JsonNode block : items(answer)) {
        table.row(
            block.path("key").asString(""),
            block.path("failures").asString(""),
            time(block.path("until")));
      }
      print(table, "none.blocks");
    }
  }

  /// `ongsung block release KEY`.
  @Command(name = "release", description = "Release an address or user before its time.")
  static final class ReleaseBlock extends GatewayCommand {
    @Parameters(paramLabel = "KEY", description = "As listed.")
    private String key = "";

    @Override
    void run(ApiClient gateway) {
      JsonNode answer = gateway.send("DELETE", ApiClient.path("blocks", key), null);
      if (json()) {
        printJson(answer);
      }
      say("released", key);
    }
  }
}
