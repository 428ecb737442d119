package org.ongsung.cli;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ongsung.cli.client.ApiClient;
import org.ongsung.cli.show.Table;
import org.ongsung.wire.text.VisibleText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `ongsung ledger list|export`.
@Command(
    name = "ledger",
    description = "Read the ledger: what happened, by whom, from where.",
    subcommands = {LedgerCommands.ListEntries.class, LedgerCommands.ExportEntries.class})
final class LedgerCommands {
  /// What both look for.
  abstract static class Search extends GatewayCommand {
    @Option(
        names = "--code",
        paramLabel = "CODE",
        description = "Only this kind of event, such as login.failure; several with commas.")
    private @Nullable String code;

    @Option(names = "--actor", paramLabel = "NAME", description = "Only by this user.")
    private @Nullable String actor;

    @Option(names = "--session", paramLabel = "ID", description = "Only of this session.")
    private @Nullable String session;

    @Option(names = "--subject", paramLabel = "TEXT", description = "Only on this subject.")
    private @Nullable String subject;

    @Option(names = "--text", paramLabel = "TEXT", description = "A part of subject or details.")
    private @Nullable String text;

    @Option(names = "--since", paramLabel = "TIME", description = "At or after, ISO 8601.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Before, ISO 8601.")
    private @Nullable String until;

    final Map<String, String> query() {
      Map<String, String> query = new LinkedHashMap<>();
      Queries.put(query, "code", code);
      Queries.put(query, "actor", actor);
      Queries.put(query, "session", session);
      Queries.put(query, "subject", subject);
      Queries.put(query, "text", text);
      Queries.put(query, "since", since);
      Queries.put(query, "until", until);
      return query;
    }
  }

  /// `ongsung ledger list`.
  @Command(name = "list", description = "List events, newest first.")
  static final class ListEntries extends Search {
    @Option(names = "--limit", paramLabel = "COUNT", description = "At most so many; default 50.")
    private int limit = 50;

    @Override
    void run(ApiClient gateway) {
      Map<String, String> query = query();
      query.put("limit", String.valueOf(limit));
      JsonNode answer = gateway.get("ledger", query);
      if (json()) {
        printJson(answer);
        return;
      }
      Table table = table("no", "at", "code", "actor", "from", "subject", "details");
      for (JsonNode entry : items(answer)) {
        JsonNode event = entry.has("event") ? entry.path("event") : entry;
        table.row(
            entry.path("sequence").asString(""),
            time(event.path("at")),
            event.path("code").asString(""),
            event.path("actor").asString(""),
            event.path("source").asString(""),
            event.path("subject").asString(""),
            details(event.path("details")));
      }
      print(table, "none.events");
    }

    private static String details(JsonNode details) {
      StringBuilder text = new StringBuilder();
      details.forEachEntry(
          (key, value) ->
              text.append(text.isEmpty() ? "" : " ")
                  .append(key)
                  .append('=')
                  .append(value.asString("")));
      return text.toString();
    }
  }

  /// `ongsung ledger export`.
  @Command(
      name = "export",
      description = "Write all matching events as JSON lines, oldest first; itself an event.")
  static final class ExportEntries extends Search {
    @Override
    void run(ApiClient gateway) throws Exception {
      try (BufferedReader events =
          new BufferedReader(
              new InputStreamReader(
                  gateway.stream("GET", "ledger/export", query()), StandardCharsets.UTF_8))) {
        for (String event = events.readLine(); event != null; event = events.readLine()) {
          surroundings().out().print(VisibleText.ofJson(event) + "\n");
        }
      }
    }
  }
}
