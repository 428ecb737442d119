package org.ongsung.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.ongsung.cli.client.ApiClient;
import org.ongsung.cli.show.Table;
import org.ongsung.cli.words.Phrase;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `ongsung key list|add|delete`.
@Command(
    name = "key",
    description = "Your own public keys for SSH.",
    subcommands = {
      KeyCommands.ListKeys.class,
      KeyCommands.AddKey.class,
      KeyCommands.DeleteKey.class
    })
final class KeyCommands {
  private static final int MAX_FILE_BYTES = 65_536;

  /// `ongsung key list`.
  @Command(name = "list", description = "List your public keys.")
  static final class ListKeys extends GatewayCommand {
    @Override
    void run(ApiClient gateway) {
      JsonNode answer = gateway.get("me/keys", Map.of());
      if (json()) {
        printJson(answer);
        return;
      }
      Table table = table("id", "algorithm", "comment");
      for (JsonNode key : items(answer)) {
        table.row(
            key.path("id").asString(""),
            key.path("algorithm").asString(""),
            key.path("comment").asString(""));
      }
      print(table, "none.keys");
    }
  }

  /// `ongsung key add FILE`.
  @Command(name = "add", description = "Add a public key; asks for your password.")
  static final class AddKey extends GatewayCommand {
    @Parameters(
        paramLabel = "FILE",
        description = "The public key, one line, such as ~/.ssh/id_ed25519.pub.")
    private Path file = Path.of("");

    @Option(
        names = "--password-stdin",
        description = "Take your password from the first line of standard input.")
    private boolean passwordFromStdin;

    @Override
    void run(ApiClient gateway) throws IOException {
      Path path = surroundings().folder().resolve(file);
      if (Files.size(path) > MAX_FILE_BYTES) {
        throw usage(Phrase.of("long-file", path), Phrase.of("long-file.advice"));
      }
      List<String> lines =
          Files.readString(path)
              .lines()
              .map(String::strip)
              .filter(line -> !line.isEmpty() && !line.startsWith("#"))
              .toList();
      if (lines.size() != 1) {
        throw usage(Phrase.of("one-key", path), Phrase.of("one-key.advice"));
      }
      ObjectNode body = gateway.object().put("key", lines.getFirst());
      body.put(
          "current",
          new SecretInput(surroundings()).existing(words("ask.current"), passwordFromStdin));
      gateway.send("POST", "me/keys", body);
      if (json()) {
        printJson(gateway.object().put("added", true));
      }
      say("key-added");
    }
  }

  /// `ongsung key delete ID`.
  @Command(name = "delete", description = "Delete one of your public keys.")
  static final class DeleteKey extends GatewayCommand {
    @Parameters(paramLabel = "ID", description = "As listed.")
    private String id = "";

    @Override
    void run(ApiClient gateway) {
      gateway.send("DELETE", ApiClient.path("me", "keys", id), null);
      if (json()) {
        printJson(gateway.object().put("deleted", true));
      }
      say("key-deleted");
    }
  }
}
