package org.ongsung.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ongsung.cli.client.ApiClient;
import org.ongsung.cli.show.Table;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `ongsung reach`.
@Command(
    name = "reach",
    description = "Who can reach a target, or what a user can reach, and by which grant.")
final class ReachCommand extends GatewayCommand {
  /// One of the two questions.
  static final class Question {
    @Option(
        names = "--user",
        required = true,
        paramLabel = "NAME",
        description = "What can they reach?")
    private @Nullable String user;

    @Option(
        names = "--target",
        required = true,
        paramLabel = "NAME",
        description = "Who can reach it?")
    private @Nullable String target;
  }

  @ArgGroup(multiplicity = "1")
  private Question question = new Question();

  @Override
  void run(ApiClient gateway) {
    JsonNode answer =
        gateway.get(
            "reach",
            question.user != null
                ? Map.of("user", question.user)
                : Map.of("target", String.valueOf(question.target)));
    if (json()) {
      printJson(answer);
      return;
    }
    Table table = table("user", "target", "account", "grant", "may", "from", "until");
    for (JsonNode row : items(answer)) {
      table.row(
          row.path("user").asString(""),
          row.path("target").asString(""),
          row.path("account").asString(""),
          row.path("grant").asString(""),
          joined(row.path("may")),
          joined(row.path("from")),
          row.path("until").asString(""));
    }
    print(table, "none.reach");
  }
}
