package org.ongsung.cli;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ongsung.cli.client.ApiClient;
import org.ongsung.cli.client.GatewayRefusal;
import org.ongsung.cli.words.Phrase;
import org.ongsung.model.Name;
import org.ongsung.model.Shown;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `ongsung user add|set NAME …` and its like: reads the entry, changes what was named, writes it
/// back.
abstract class EntrySetCommand extends GatewayCommand {
  private final EntryKind kind;
  private boolean onlyNew;

  @Parameters(paramLabel = "NAME", description = "Whose entry: a-z 0-9 . _ -, at most 63.")
  private String name = "";

  EntrySetCommand(EntryKind kind) {
    this.kind = kind;
  }

  /// Makes this the command `add`: an entry of that name must not be there.
  final EntrySetCommand onlyNew() {
    onlyNew = true;
    return this;
  }

  /// Changes what the options name; `entry` has the shape of the access file.
  abstract void change(ObjectNode entry) throws IOException;

  @Override
  final void run(ApiClient gateway) throws Exception {
    if (!Name.isValid(name)) {
      throw usage(Phrase.of("bad-name", Shown.quoted(name)), Phrase.of("bad-name.advice"));
    }
    String path = ApiClient.path(kind.collection(), name);
    @Nullable ObjectNode found = find(gateway, path);
    if (onlyNew && found != null) {
      throw usage(
          Phrase.of("already", Phrase.of("kind." + kind.word()), name),
          Phrase.of("already.advice", kind.word(), name));
    }
    ObjectNode entry = found == null ? gateway.object().put("name", name) : found;
    change(entry);
    JsonNode answer = gateway.send("PUT", path, entry);
    if (json()) {
      printJson(answer);
    }
    say(found == null ? "added" : "changed", Phrase.of("kind." + kind.word()), name);
  }

  private static @Nullable ObjectNode find(ApiClient gateway, String path) {
    try {
      return gateway.get(path, Map.of()) instanceof ObjectNode entry ? entry : null;
    } catch (GatewayRefusal e) {
      if (e.status() == 404) {
        return null;
      }
      throw e;
    }
  }

  /// Puts a list in the place of what stood there, if it was named at all.
  static void putList(ObjectNode entry, String field, @Nullable List<String> values) {
    if (values != null) {
      var list = entry.putArray(field);
      values.stream().filter(value -> !value.isEmpty()).forEach(list::add);
    }
  }

  /// Puts a text, if it was named; an empty one removes the field.
  static void putText(ObjectNode entry, String field, @Nullable String value) {
    if (value == null) {
      return;
    }
    if (value.isEmpty()) {
      entry.remove(field);
    } else {
      entry.put(field, value);
    }
  }

  /// Puts labels, if any were named; an empty value removes a label.
  static void putLabels(ObjectNode entry, @Nullable Map<String, String> labels) {
    if (labels != null) {
      ObjectNode map = child(entry, "labels");
      labels.forEach((key, value) -> putText(map, key, value));
    }
  }

  /// The object under a field, made where there is none.
  static ObjectNode child(ObjectNode entry, String field) {
    return entry.get(field) instanceof ObjectNode object ? object : entry.putObject(field);
  }
}
