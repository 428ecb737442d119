package org.ongsung.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ongsung.cli.client.ApiClient;
import org.ongsung.cli.show.Table;
import org.ongsung.cli.show.YamlText;
import org.ongsung.cli.words.Phrase;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `ongsung job …`.
@Command(
    name = "job",
    description = "Jobs that the gateway does besides sessions: ask, list, show, stop, repeat.",
    subcommands = {
      JobCommands.ListJobs.class,
      JobCommands.ShowJob.class,
      JobCommands.RunJob.class,
      JobCommands.CancelJob.class,
      JobCommands.RerunJob.class,
      JobCommands.JobLog.class,
      JobCommands.DownloadFile.class,
      JobScheduleCommands.class,
      JobWorkerCommands.class
    })
final class JobCommands {
  private static final String WAIT_SECONDS = "50";

  /// What `KEY=VALUE` words say; a value of digits is a number.
  static ObjectNode parameters(ApiClient gateway, List<String> words) {
    ObjectNode parameters = gateway.object();
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals < 1) {
        throw GatewayCommand.usage(
            Phrase.of("job.parameter", word), Phrase.of("job.parameter.advice"));
      }
      String value = word.substring(equals + 1);
      if (value.matches("[0-9]{1,9}")) {
        parameters.put(word.substring(0, equals), Integer.parseInt(value));
      } else {
        parameters.put(word.substring(0, equals), value);
      }
    }
    return parameters;
  }

  /// `ongsung job list`.
  @Command(name = "list", description = "List jobs, newest first.")
  static final class ListJobs extends GatewayCommand {
    @Option(
        names = "--state",
        paramLabel = "STATE",
        description = "Only new, taken, running, done, error or dropped; several with commas.")
    private @Nullable String state;

    @Option(names = "--kind", paramLabel = "KIND", description = "Only of this kind.")
    private @Nullable String kind;

    @Option(names = "--limit", paramLabel = "N", description = "1 to 1000. Default: 50.")
    private @Nullable String limit;

    @Override
    void run(ApiClient gateway) {
      Map<String, String> query = new LinkedHashMap<>();
      put(query, "state", state);
      put(query, "kind", kind);
      put(query, "limit", limit);
      JsonNode answer = gateway.get("jobs", query);
      if (json()) {
        printJson(answer);
        return;
      }
      Table table = table("id", "state", "kind", "subject", "owner", "created", "result");
      for (JsonNode job : items(answer)) {
        table.row(
            job.path("id").asString(""),
            job.path("state").asString(""),
            job.path("kind").asString(""),
            job.path("subject").asString(""),
            job.path("owner").asString(""),
            time(job.path("createdAt")),
            job.path("summary").asString(""));
      }
      print(table, "none.jobs");
    }

    private static void put(Map<String, String> query, String name, @Nullable String value) {
      if (value != null) {
        query.put(name, value);
      }
    }
  }

  /// `ongsung job show ID`.
  @Command(name = "show", description = "Show one job with its result.")
  static final class ShowJob extends GatewayCommand {
    @Parameters(paramLabel = "ID", description = "As listed.")
    private String id = "";

    @Override
    void run(ApiClient gateway) {
      JsonNode answer = gateway.get(ApiClient.path("jobs", id), Map.of());
      if (json()) {
        printJson(answer);
        return;
      }
      surroundings().out().print(YamlText.of(answer));
    }
  }

  /// `ongsung job run KIND [KEY=VALUE …]`.
  @Command(
      name = "run",
      description = {
        "Ask for a job and print its id; with --wait, wait for its end and say how it went.",
        "For example: ongsung job run probe target=web-1 --wait"
      })
  static final class RunJob extends GatewayCommand {
    @Parameters(index = "0", paramLabel = "KIND", description = "probe, backup ….")
    private String kind = "";

    @Parameters(index = "1..*", paramLabel = "KEY=VALUE", description = "What it is told.")
    private List<String> words = List.of();

    @Option(
        names = "--key",
        paramLabel = "TEXT",
        description = "Asking again with the same key gives the same job.")
    private @Nullable String key;

    @Option(names = "--wait", description = "Wait for its end.")
    private boolean wait;

    @Override
    void run(ApiClient gateway) {
      ObjectNode body = gateway.object().put("kind", kind);
      body.set("parameters", parameters(gateway, words));
      EntrySetCommand.putText(body, "key", key);
      JsonNode job = gateway.send("POST", "jobs", body);
      String id = job.path("id").asString("");
      while (wait && job.path("endedAt").isNull()) {
        job = gateway.get(ApiClient.path("jobs", id), Map.of("wait", WAIT_SECONDS));
      }
      if (json()) {
        printJson(job);
      } else {
        line(wait ? id + " " + ended(job) : id);
      }
      String state = job.path("state").asString("");
      if (state.equals("error") || state.equals("dropped")) {
        throw new CommandFailure(
            ExitCode.FAILED, Phrase.of("job.ended", id, state), Phrase.of("job.ended.advice", id));
      }
    }

    private static String ended(JsonNode job) {
      return job.path("state").asString("") + " " + job.path("summary").asString("");
    }
  }

  /// `ongsung job cancel ID`.
  @Command(name = "cancel", description = "Stop a job.")
  static final class CancelJob extends GatewayCommand {
    @Parameters(paramLabel = "ID", description = "As listed.")
    private String id = "";

    @Override
    void run(ApiClient gateway) {
      JsonNode job = gateway.send("POST", ApiClient.path("jobs", id, "cancel"), null);
      if (json()) {
        printJson(job);
      } else {
        line(id + " " + job.path("state").asString(""));
      }
    }
  }

  /// `ongsung job rerun ID`.
  @Command(name = "rerun", description = "Have the same done again; prints the new job's id.")
  static final class RerunJob extends GatewayCommand {
    @Parameters(paramLabel = "ID", description = "As listed.")
    private String id = "";

    @Override
    void run(ApiClient gateway) {
      JsonNode job = gateway.send("POST", ApiClient.path("jobs", id, "rerun"), null);
      if (json()) {
        printJson(job);
      } else {
        line(job.path("id").asString(""));
      }
    }
  }

  /// `ongsung job log ID`.
  @Command(name = "log", description = "Print what workers wrote about a job.")
  static final class JobLog extends GatewayCommand {
    @Parameters(paramLabel = "ID", description = "As listed.")
    private String id = "";

    @Override
    void run(ApiClient gateway) {
      JsonNode answer = gateway.get(ApiClient.path("jobs", id, "log"), Map.of());
      if (json()) {
        printJson(answer);
        return;
      }
      Table table = table("at", "attempt", "line");
      for (JsonNode line : items(answer)) {
        table.row(
            time(line.path("at")),
            line.path("attempt").asString(""),
            line.path("text").asString(""));
      }
      print(table, "none.lines");
    }
  }

  /// `ongsung job download ID FILE`.
  @Command(name = "download", description = "Save the file that a report has made.")
  static final class DownloadFile extends GatewayCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "As listed.")
    private String id = "";

    @Parameters(index = "1", paramLabel = "FILE", description = "What to write; not there yet.")
    private Path file = Path.of("");

    @Override
    void run(ApiClient gateway) throws IOException {
      Path target = surroundings().folder().resolve(file);
      try (InputStream in = gateway.stream("GET", ApiClient.path("jobs", id, "file"), Map.of())) {
        Files.copy(in, target);
      }
      if (json()) {
        printJson(JsonMapper.shared().valueToTree(Map.of("file", target.toString())));
      } else {
        say("job.downloaded", target);
      }
    }
  }
}
