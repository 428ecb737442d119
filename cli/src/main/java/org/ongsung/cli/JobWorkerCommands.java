package org.ongsung.cli;

import java.util.Map;
import org.ongsung.cli.client.ApiClient;
import org.ongsung.cli.show.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `ongsung job worker list|create|revoke`.
@Command(
    name = "worker",
    description = "Tokens of workers elsewhere, for: ongsung worker.",
    subcommands = {
      JobWorkerCommands.ListWorkers.class,
      JobWorkerCommands.CreateWorker.class,
      JobWorkerCommands.RevokeWorker.class
    })
final class JobWorkerCommands {
  /// `ongsung job worker list`.
  @Command(
      name = "list",
      description = "List workers: those of gateways, and those that have a token.")
  static final class ListWorkers extends GatewayCommand {
    @Override
    void run(ApiClient gateway) {
      JsonNode answer = gateway.get("workers", Map.of());
      if (json()) {
        printJson(answer);
        return;
      }
      Table table = table("id", "name", "kinds", "at-work", "carries", "last-seen");
      for (JsonNode worker : items(answer)) {
        table.row(
            worker.path("id").asString(""),
            worker.path("name").asString(""),
            String.join(
                " ", items(worker.path("kinds")).stream().map(kind -> kind.asString("")).toList()),
            worker.path("atWork").asString(""),
            worker.path("carried").asString(""),
            time(worker.path("seenAt")));
      }
      print(table, "none.workers");
    }
  }

  /// `ongsung job worker create NAME`.
  @Command(
      name = "create",
      description = "Make a worker's token and print it; it can never be read again.")
  static final class CreateWorker extends GatewayCommand {
    @Parameters(paramLabel = "NAME", description = "What the worker is called.")
    private String name = "";

    @Override
    void run(ApiClient gateway) {
      JsonNode answer = gateway.send("POST", "workers", gateway.object().put("name", name));
      if (json()) {
        printJson(answer);
      } else {
        line(answer.path("token").asString(""));
      }
    }
  }

  /// `ongsung job worker revoke ID`.
  @Command(name = "revoke", description = "Take a worker's token away.")
  static final class RevokeWorker extends GatewayCommand {
    @Parameters(paramLabel = "ID", description = "As listed.")
    private String id = "";

    @Override
    void run(ApiClient gateway) {
      JsonNode answer = gateway.send("DELETE", ApiClient.path("workers", id), null);
      if (json()) {
        printJson(answer);
      }
      say("worker.revoked", id);
    }
  }
}
