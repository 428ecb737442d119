package org.ongsung.cli;

import java.io.PrintStream;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.ongsung.cli.client.ApiClient;
import org.ongsung.model.Shown;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A command that changes much of the directory at once: shows what differs, then does all of it.
abstract class ChangeCommand extends GatewayCommand {
  private static final int MAX_VALUE_CHARACTERS = 200;

  @Option(names = "--dry-run", description = "Only show what differs.")
  private boolean dryRun;

  /// Asks for `request` without doing it, shows what differs, then does it.
  final void change(ApiClient gateway, String path, ObjectNode request) {
    request.put("dryRun", true);
    JsonNode preview = gateway.send("POST", path, request);
    if (!json()) {
      print(preview);
      surroundings().out().flush();
    }
    JsonNode result = preview;
    if (!dryRun && !preview.path("differences").isEmpty()) {
      result = gateway.send("POST", path, request.put("dryRun", false));
    }
    if (json()) {
      printJson(result);
    } else {
      surroundings().out().println(summary(result));
    }
  }

  private void print(JsonNode result) {
    PrintStream out = surroundings().out();
    for (JsonNode difference : result.path("differences")) {
      String action = difference.path("action").asString("");
      out.println(
          sign(action)
              + " "
              + words("kind." + difference.path("kind").asString(""))
              + " "
              + shown(difference.path("name")));
      for (JsonNode change : difference.path("changes")) {
        out.println("    " + shown(change.path("field")) + ": " + change(change));
      }
    }
    for (JsonNode note : result.path("notes")) {
      out.println(words("note", shown(note)));
    }
  }

  private String change(JsonNode change) {
    String before = shown(change.path("before"));
    String after = shown(change.path("after"));
    if (before.isEmpty()) {
      return after;
    }
    return before + " → " + (after.isEmpty() ? words("nothing") : after);
  }

  private static String shown(JsonNode text) {
    return Shown.plain(text.asString(""), MAX_VALUE_CHARACTERS);
  }

  private static String sign(String action) {
    return switch (action) {
      case "create" -> "+";
      case "delete" -> "-";
      default -> "~";
    };
  }

  private String summary(JsonNode result) {
    TreeMap<String, Integer> counts = new TreeMap<>();
    for (JsonNode difference : result.path("differences")) {
      counts.merge(difference.path("action").asString(""), 1, Integer::sum);
    }
    if (counts.isEmpty()) {
      return words("nothing-to-change");
    }
    boolean applied = result.path("applied").asBoolean(false);
    String tense = applied ? "done." : "would.";
    String all =
        counts.entrySet().stream()
            .map(count -> words(tense + count.getKey(), count.getValue()))
            .collect(Collectors.joining(", "));
    return words(applied ? "applied" : "dry-run", all);
  }
}
