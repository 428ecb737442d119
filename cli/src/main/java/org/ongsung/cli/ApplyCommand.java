package org.ongsung.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.ongsung.cli.client.ApiClient;
import org.ongsung.cli.words.Phrase;
import org.ongsung.directory.access.AccessDocument;
import org.ongsung.directory.access.AccessDocumentException;
import org.ongsung.directory.access.AccessFileReader;
import org.ongsung.directory.access.AccessTree;
import org.ongsung.model.Shown;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `ongsung apply -f access.yaml`.
@Command(
    name = "apply",
    description = {
      "Make users, groups, targets and grants as an access file says: all of it, or nothing.",
      "Shows what differs before, and a summary after. Applying the same file again changes"
          + " nothing."
    })
final class ApplyCommand extends GatewayCommand {
  private static final int MAX_BYTES = 16 << 20;
  private static final int MAX_VALUE_CHARACTERS = 200;

  @Option(
      names = {"-f", "--file"},
      required = true,
      paramLabel = "FILE",
      description = "The access file, or - for standard input. Paths in it are relative to it.")
  private Path file = Path.of("-");

  @Option(names = "--dry-run", description = "Only show what differs.")
  private boolean dryRun;

  @Option(
      names = "--prune",
      description = "Delete what the file does not name; never the last admin.")
  private boolean prune;

  @Override
  void run(ApiClient gateway) throws IOException {
    ObjectNode request = gateway.object();
    request.set("document", JsonMapper.shared().valueToTree(AccessTree.write(read())));
    request.put("prune", prune);
    request.put("dryRun", true);
    JsonNode preview = gateway.send("POST", "apply", request);
    if (!json()) {
      print(preview);
      surroundings().out().flush();
    }
    JsonNode result = preview;
    if (!dryRun && !preview.path("differences").isEmpty()) {
      result = gateway.send("POST", "apply", request.put("dryRun", false));
    }
    if (json()) {
      printJson(result);
    } else {
      surroundings().out().println(summary(result));
    }
  }

  private AccessDocument read() throws IOException {
    Surroundings surroundings = surroundings();
    try {
      if (file.toString().equals("-")) {
        byte[] bytes = surroundings.in().readNBytes(MAX_BYTES + 1);
        return AccessFileReader.read("standard input", bytes, surroundings.folder());
      }
      Path path = surroundings.folder().resolve(file);
      if (!Files.isRegularFile(path)) {
        throw usage(Phrase.of("no-access-file", file), Phrase.of("no-access-file.advice"));
      }
      return AccessFileReader.read(path);
    } catch (AccessDocumentException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          Phrase.plain(String.valueOf(e.getMessage())),
          Phrase.of("nothing-changed"),
          e);
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
