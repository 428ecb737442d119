package org.ongsung.cli;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ongsung.cli.client.ApiClient;
import org.ongsung.wire.text.VisibleText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `ongsung search`.
@Command(name = "search", description = "Search everything that was typed and shown, newest first.")
final class SearchCommand extends GatewayCommand {
  /// How an export is written.
  enum Form {
    csv,
    jsonl
  }

  @Parameters(
      arity = "0..*",
      paramLabel = "WORD",
      description = "All must stand in the line, whatever their case; with -e one expression.")
  private List<String> words = List.of();

  @Option(
      names = {"-e", "--regex"},
      description = "WORD is a regular expression (RE2).")
  private boolean regex;

  @Option(names = "--user", paramLabel = "NAME", description = "Only this user's sessions.")
  private @Nullable String user;

  @Option(names = "--group", paramLabel = "NAME", description = "Only sessions of its members.")
  private @Nullable String group;

  @Option(names = "--target", paramLabel = "NAME", description = "Only on this target.")
  private @Nullable String target;

  @Option(names = "--session", paramLabel = "ID", description = "Only in this session.")
  private @Nullable String session;

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description = "Only such channels, such as shell; several with commas.")
  private @Nullable String kind;

  @Option(
      names = "--direction",
      paramLabel = "WAY",
      description = "input, output or screen; several with commas.")
  private @Nullable String direction;

  @Option(names = "--since", paramLabel = "TIME", description = "At or after, ISO 8601.")
  private @Nullable String since;

  @Option(names = "--until", paramLabel = "TIME", description = "Before, ISO 8601.")
  private @Nullable String until;

  @Option(
      names = {"-C", "--context"},
      paramLabel = "COUNT",
      description = "So many lines before and after each, up to 10.")
  private int context;

  @Option(names = "--limit", paramLabel = "COUNT", description = "1 to 200. Default: 50.")
  private int limit = 50;

  @Option(
      names = "--before",
      paramLabel = "PLACE",
      description = "Go on with older lines, from where the last search ended.")
  private @Nullable String before;

  @Option(
      names = "--export",
      paramLabel = "FORM",
      description = "Write all matching lines: csv or jsonl.")
  private @Nullable Form export;

  @Override
  void run(ApiClient gateway) throws Exception {
    Map<String, String> query = query();
    if (export != null) {
      query.put("format", export.name());
      export(gateway, query);
      return;
    }
    query.put("limit", String.valueOf(limit));
    query.put("context", String.valueOf(context));
    Queries.put(query, "before", before);
    JsonNode answer = gateway.get("search", query);
    if (json()) {
      printJson(answer);
      return;
    }
    print(answer);
  }

  private Map<String, String> query() {
    Map<String, String> query = new LinkedHashMap<>();
    if (!words.isEmpty()) {
      query.put("text", String.join(" ", words));
    }
    if (regex) {
      query.put("regex", "true");
    }
    Queries.put(query, "user", user);
    Queries.put(query, "group", group);
    Queries.put(query, "target", target);
    Queries.put(query, "session", session);
    Queries.put(query, "kind", kind);
    Queries.put(query, "direction", direction);
    Queries.put(query, "since", since);
    Queries.put(query, "until", until);
    return query;
  }

  private void print(JsonNode answer) {
    JsonNode lines = answer.path("lines");
    for (JsonNode found : lines) {
      for (JsonNode around : found.path("before")) {
        line("    " + shown(around));
      }
      line(
          "%s  %s → %s  %s/%s+%.1fs"
              .formatted(
                  time(found.path("at")),
                  found.path("user").asString(""),
                  found.path("target").asString(""),
                  found.path("session").asString(""),
                  found.path("channel").asInt(0),
                  found.path("offsetMillis").asLong(0) / 1_000.0));
      line(
          "  "
              + ("input".equals(found.path("direction").asString("")) ? "> " : "  ")
              + shown(found));
      for (JsonNode around : found.path("after")) {
        line("    " + shown(around));
      }
    }
    boolean partial = answer.path("partial").asBoolean(false);
    if (lines.isEmpty() && !partial) {
      say("none.lines");
    }
    String next = answer.path("next").asString("");
    if (!next.isEmpty()) {
      say(partial ? "search.partial" : "search.more", next);
    }
  }

  private static String shown(JsonNode line) {
    String prompt = line.path("prompt").asString("");
    return (prompt.isEmpty() ? "" : prompt + " ") + line.path("text").asString("");
  }

  private void export(ApiClient gateway, Map<String, String> query) throws Exception {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                gateway.stream("GET", "search/export", query), StandardCharsets.UTF_8))) {
      for (String each = lines.readLine(); each != null; each = lines.readLine()) {
        surroundings()
            .out()
            .print(export == Form.csv ? each + "\r\n" : VisibleText.ofJson(each) + "\n");
      }
    }
  }
}
