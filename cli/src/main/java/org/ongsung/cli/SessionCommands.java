package org.ongsung.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.ongsung.cli.client.ApiClient;
import org.ongsung.cli.show.Measures;
import org.ongsung.cli.show.Table;
import org.ongsung.cli.show.YamlText;
import org.ongsung.model.EndReason;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `ongsung session list|show|terminate|hold|release`.
@Command(
    name = "session",
    description = "List, show, terminate and hold sessions.",
    subcommands = {
      SessionCommands.ListSessions.class,
      SessionCommands.ShowSession.class,
      SessionCommands.TerminateSession.class,
      SessionCommands.HoldSession.class,
      SessionCommands.ReleaseSession.class
    })
final class SessionCommands {
  /// `ongsung session list`.
  @Command(name = "list", description = "List sessions, live and past, newest first.")
  static final class ListSessions extends GatewayCommand {
    @Option(names = "--user", paramLabel = "NAME", description = "Only of this user.")
    private @Nullable String user;

    @Option(names = "--target", paramLabel = "NAME", description = "Only to this target.")
    private @Nullable String target;

    @Option(
        names = "--state",
        paramLabel = "STATE",
        description = "Only live, ended, terminated, interrupted or failed.")
    private @Nullable String state;

    @Option(
        names = "--kind",
        paramLabel = "KIND",
        description = "Only with a channel of this kind: shell, exec, sftp, scp, rsync, git ….")
    private @Nullable String kind;

    @Option(names = "--since", paramLabel = "TIME", description = "Started at or after, ISO 8601.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Started before, ISO 8601.")
    private @Nullable String until;

    @Option(
        names = "--text",
        paramLabel = "TEXT",
        description = "A part of user, target, account, source or command.")
    private @Nullable String text;

    @Option(names = "--limit", paramLabel = "COUNT", description = "At most so many; default 50.")
    private int limit = 50;

    @Override
    void run(ApiClient gateway) {
      Map<String, String> query = new LinkedHashMap<>();
      Queries.put(query, "user", user);
      Queries.put(query, "target", target);
      Queries.put(query, "state", state);
      Queries.put(query, "kind", kind);
      Queries.put(query, "since", since);
      Queries.put(query, "until", until);
      Queries.put(query, "text", text);
      query.put("limit", String.valueOf(limit));
      JsonNode answer = gateway.get("sessions", query);
      if (json()) {
        printJson(answer);
        return;
      }
      Table table = table("id", "state", "started", "user", "account", "target", "from");
      for (JsonNode session : items(answer)) {
        table.row(
            session.path("id").asString(""),
            session.path("state").asString(""),
            time(session.path("startedAt")),
            session.path("user").asString(""),
            session.path("account").asString(""),
            session.path("target").asString(""),
            session.path("source").asString(""));
      }
      print(table, "none.sessions");
    }
  }

  /// `ongsung session show ID`.
  @Command(
      name = "show",
      description = "Show one session: who, where, why allowed, its channels and files.")
  static final class ShowSession extends GatewayCommand {
    @Parameters(paramLabel = "ID", description = "The session, as listed, or last.")
    private String id = "";

    @Override
    void run(ApiClient gateway) {
      JsonNode answer =
          gateway.get(ApiClient.path("sessions", NewestSession.orNamed(gateway, id, "")), Map.of());
      if (json()) {
        printJson(answer);
        return;
      }
      JsonNode session = readable(answer.path("session"));
      if (session instanceof ObjectNode fields) {
        answer
            .path("retention")
            .forEachEntry(
                (name, value) -> {
                  if (value.isObject()) {
                    fields.set(name, value);
                  }
                });
      }
      surroundings().out().print(YamlText.of(session));
      Table channels =
          table("channel", "kind", "subject", "opened", "exit", "to-target", "to-person");
      for (JsonNode channel : answer.path("channels")) {
        JsonNode end = channel.path("end");
        channels.row(
            channel.path("number").asString(""),
            channel.path("kind").asString(""),
            channel.path("subject").asString(""),
            time(channel.path("openedAt")),
            exit(end),
            Measures.bytes(end.path("bytesFromClient").asLong(0)),
            Measures.bytes(end.path("bytesToClient").asLong(0)));
      }
      surroundings().out().println();
      print(channels, "none.channels");
      List<JsonNode> files = items(answer.path("files"));
      if (!files.isEmpty()) {
        surroundings().out().println();
        Table table = table("file-operation", "path", "read", "written", "result");
        for (JsonNode file : files) {
          table.row(
              file.path("kind").asString(""),
              file.path("path").asString(""),
              Measures.bytes(file.path("bytesRead").asLong(0)),
              Measures.bytes(file.path("bytesWritten").asLong(0)),
              file.path("result").asString(""));
        }
        table.print(surroundings().out(), "");
      }
    }

    /// The session with the reason of its end in the person's language, instead of its code.
    private JsonNode readable(JsonNode session) {
      if (!(session instanceof ObjectNode fields) || !fields.has("cause")) {
        return session;
      }
      Map<String, String> parameters = new TreeMap<>();
      fields
          .path("causeDetails")
          .forEachEntry((name, value) -> parameters.put(name, value.asString("")));
      try {
        EndReason.Code code = EndReason.Code.of(fields.path("cause").asString(""));
        fields.put("reason", new EndReason(code, parameters).in(surroundings().language()));
        fields.remove(List.of("cause", "causeDetails"));
      } catch (IllegalArgumentException e) {
        // A newer gateway's: its own English sentence stays.
      }
      return fields;
    }

    private static String exit(JsonNode end) {
      String signal = end.path("exitSignal").asString("");
      return signal.isEmpty() ? end.path("exitStatus").asString("") : "SIG" + signal;
    }
  }

  /// `ongsung session terminate ID --reason TEXT`.
  @Command(
      name = "terminate",
      description = "End a live session; the person reads the reason, and so does the ledger.")
  static final class TerminateSession extends GatewayCommand {
    @Parameters(paramLabel = "ID", description = "The session, as listed.")
    private String id = "";

    @Option(
        names = "--reason",
        required = true,
        paramLabel = "TEXT",
        description = "Why; one line.")
    private String reason = "";

    @Override
    void run(ApiClient gateway) {
      JsonNode answer =
          gateway.send(
              "POST",
              ApiClient.path("sessions", id, "terminate"),
              gateway.object().put("reason", reason));
      if (json()) {
        printJson(answer);
      }
      say("terminated", id);
    }
  }

  /// `ongsung session hold ID --reason TEXT`.
  @Command(
      name = "hold",
      description =
          "Hold a session: nothing deletes its recordings. In the ledger with the reason.")
  static final class HoldSession extends GatewayCommand {
    @Parameters(paramLabel = "ID", description = "The session, as listed.")
    private String id = "";

    @Option(
        names = "--reason",
        required = true,
        paramLabel = "TEXT",
        description = "Why; one line.")
    private String reason = "";

    @Override
    void run(ApiClient gateway) {
      JsonNode answer =
          gateway.send(
              "POST",
              ApiClient.path("sessions", id, "hold"),
              gateway.object().put("reason", reason));
      if (json()) {
        printJson(answer);
      }
      say("held", id);
    }
  }

  /// `ongsung session release ID --reason TEXT`.
  @Command(name = "release", description = "Lift a session's hold; the ledger keeps the reason.")
  static final class ReleaseSession extends GatewayCommand {
    @Parameters(paramLabel = "ID", description = "The session, as listed.")
    private String id = "";

    @Option(
        names = "--reason",
        required = true,
        paramLabel = "TEXT",
        description = "Why; one line.")
    private String reason = "";

    @Override
    void run(ApiClient gateway) {
      JsonNode answer =
          gateway.send(
              "POST",
              ApiClient.path("sessions", id, "release"),
              gateway.object().put("reason", reason));
      if (json()) {
        printJson(answer);
      }
      say("hold-lifted", id);
    }
  }
}
