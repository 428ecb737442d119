package org.ongsung.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ongsung.cli.client.ApiClient;
import org.ongsung.cli.show.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `ongsung token list|create|revoke`.
@Command(
    name = "token",
    description = "Access tokens for programs that use the API or read the metrics.",
    subcommands = {
      TokenCommands.ListTokens.class,
      TokenCommands.CreateToken.class,
      TokenCommands.RevokeToken.class
    })
final class TokenCommands {
  /// `ongsung token list`.
  @Command(name = "list", description = "List tokens; never their secrets.")
  static final class ListTokens extends GatewayCommand {
    @Override
    void run(ApiClient gateway) {
      JsonNode answer = gateway.get("tokens", Map.of());
      if (json()) {
        printJson(answer);
        return;
      }
      Table table = table("id", "user", "label", "created", "expires");
      for (JsonNode token : items(answer)) {
        table.row(
            token.path("id").asString(""),
            token.path("user").asString(""),
            token.path("label").asString(""),
            time(token.path("createdAt")),
            time(token.path("expiresAt")));
      }
      print(table, "none.tokens");
    }
  }

  /// `ongsung token create`.
  @Command(
      name = "create",
      description = "Create a token and print it; it can never be read again.")
  static final class CreateToken extends GatewayCommand {
    @Option(
        names = "--label",
        required = true,
        paramLabel = "TEXT",
        description = "What it is for.")
    private String label = "";

    @Option(
        names = "--expires",
        paramLabel = "TIME",
        description = "When it ends, ISO 8601. Default: the gateway's.")
    private @Nullable String expires;

    @Override
    void run(ApiClient gateway) {
      ObjectNode body = gateway.object().put("label", label);
      EntrySetCommand.putText(body, "expiresAt", expires);
      JsonNode answer = gateway.send("POST", "tokens", body);
      if (json()) {
        printJson(answer);
      } else {
        surroundings().out().println(answer.path("token").asString(""));
      }
    }
  }

  /// `ongsung token revoke ID`.
  @Command(name = "revoke", description = "Revoke a token.")
  static final class RevokeToken extends GatewayCommand {
    @Parameters(paramLabel = "ID", description = "As listed.")
    private String id = "";

    @Override
    void run(ApiClient gateway) {
      JsonNode answer = gateway.send("DELETE", ApiClient.path("tokens", id), null);
      if (json()) {
        printJson(answer);
      }
      say("revoked", id);
    }
  }
}
