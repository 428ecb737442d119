package org.ongsung.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ongsung.cli.client.ApiClient;
import org.ongsung.cli.show.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `ongsung job schedule list|set|delete`.
@Command(
    name = "schedule",
    description = "Schedules that make jobs.",
    subcommands = {
      JobScheduleCommands.ListSchedules.class,
      JobScheduleCommands.SetSchedule.class,
      JobScheduleCommands.DeleteSchedule.class
    })
final class JobScheduleCommands {
  /// `ongsung job schedule list`.
  @Command(name = "list", description = "List schedules and when they make their next job.")
  static final class ListSchedules extends GatewayCommand {
    @Override
    void run(ApiClient gateway) {
      JsonNode answer = gateway.get("schedules", Map.of());
      if (json()) {
        printJson(answer);
        return;
      }
      Table table = table("name", "kind", "times", "zone", "next");
      for (JsonNode schedule : items(answer)) {
        table.row(
            schedule.path("name").asString(""),
            schedule.path("kind").asString(""),
            schedule.path("cron").asString(""),
            schedule.path("zone").asString(""),
            schedule.path("active").asBoolean(false)
                ? time(schedule.path("next"))
                : words("schedule.off"));
      }
      print(table, "none.schedules");
    }
  }

  /// `ongsung job schedule set NAME KIND [KEY=VALUE …] --cron FIELDS`.
  @Command(
      name = "set",
      description = {
        "Set a schedule up, or change it.",
        "For example: ongsung job schedule set nightly backup keep=7 --cron '0 3 * * *'"
      })
  static final class SetSchedule extends GatewayCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "What it is called.")
    private String name = "";

    @Parameters(index = "1", paramLabel = "KIND", description = "probe, backup ….")
    private String kind = "";

    @Parameters(index = "2..*", paramLabel = "KEY=VALUE", description = "What its jobs are told.")
    private List<String> words = List.of();

    @Option(
        names = "--cron",
        required = true,
        paramLabel = "FIELDS",
        description = "Minute, hour, day, month, weekday, as in crontab.")
    private String cron = "";

    @Option(
        names = "--zone",
        paramLabel = "ZONE",
        description = "By whose clocks, such as Asia/Seoul. Default: UTC.")
    private @Nullable String zone;

    @Option(names = "--off", description = "Keep it, and let it make no jobs.")
    private boolean off;

    @Override
    void run(ApiClient gateway) {
      ObjectNode body = gateway.object().put("kind", kind).put("cron", cron).put("active", !off);
      body.set("parameters", JobCommands.parameters(gateway, words));
      EntrySetCommand.putText(body, "zone", zone);
      JsonNode answer = gateway.send("PUT", ApiClient.path("schedules", name), body);
      if (json()) {
        printJson(answer);
      }
      if (off) {
        say("schedule.is-off", name);
      } else {
        say("schedule.next", name, time(answer.path("next")));
      }
    }
  }

  /// `ongsung job schedule delete NAME`.
  @Command(name = "delete", description = "Take a schedule away; its jobs stay.")
  static final class DeleteSchedule extends GatewayCommand {
    @Parameters(paramLabel = "NAME", description = "As listed.")
    private String name = "";

    @Override
    void run(ApiClient gateway) {
      JsonNode answer = gateway.send("DELETE", ApiClient.path("schedules", name), null);
      if (json()) {
        printJson(answer);
      }
      say("schedule.deleted", name);
    }
  }
}
