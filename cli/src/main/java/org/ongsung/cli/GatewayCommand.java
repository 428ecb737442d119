package org.ongsung.cli;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ongsung.cli.client.ApiClient;
import org.ongsung.cli.show.Measures;
import org.ongsung.cli.show.Table;
import org.ongsung.cli.words.Phrase;
import org.ongsung.model.Shown;
import org.ongsung.wire.text.VisibleText;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// A command that asks a gateway something and prints the answer.
abstract class GatewayCommand implements Callable<Integer> {
  private static final int MAX_LINE_CHARACTERS = 2_000;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  @Spec private @Nullable CommandSpec spec;

  /// Does the work over `gateway` and prints.
  abstract void run(ApiClient gateway) throws Exception;

  @Override
  public Integer call() throws Exception {
    try (ApiClient gateway = root().connect()) {
      run(gateway);
    } finally {
      surroundings().out().flush();
    }
    return ExitCode.OK.status();
  }

  final CommandSpec spec() {
    if (spec == null) {
      throw new IllegalStateException("picocli has not set the command up");
    }
    return spec;
  }

  final OngsungCommand root() {
    return (OngsungCommand) spec().root().userObject();
  }

  final Surroundings surroundings() {
    return root().surroundings();
  }

  final boolean json() {
    return root().output() == OngsungCommand.OutputForm.json;
  }

  final void printJson(JsonNode json) {
    surroundings().out().println(VisibleText.ofJson(JSON.writeValueAsString(json)));
  }

  /// Prints a line for people; nothing where a program reads.
  final void say(String key, Object... arguments) {
    if (!json()) {
      surroundings().out().println(words(key, arguments));
    }
  }

  /// Prints a line as it is, with what is not fit for a terminal shown.
  final void line(String text) {
    surroundings().out().println(Shown.plain(text, MAX_LINE_CHARACTERS));
  }

  /// The words of [Phrase] in the person's language.
  final String words(String key, Object... arguments) {
    return Phrase.of(key, arguments).in(surroundings().language());
  }

  /// A table with heads of these words.
  final Table table(String... heads) {
    return new Table(
        Arrays.stream(heads).map(head -> words("head." + head)).toArray(String[]::new));
  }

  /// Prints a table, or where it has no rows the words of `empty`.
  final void print(Table table, String empty, Object... arguments) {
    table.print(surroundings().out(), words(empty, arguments));
  }

  final String time(JsonNode at) {
    return Measures.time(at.asString(""), ZoneId.systemDefault());
  }

  /// The entries of an answer that is a list, or an object around one.
  static List<JsonNode> items(JsonNode answer) {
    List<JsonNode> items = new ArrayList<>();
    JsonNode list = answer;
    if (answer.isObject()) {
      for (JsonNode value : answer) {
        if (value.isArray()) {
          list = value;
          break;
        }
      }
    }
    list.forEach(items::add);
    return items;
  }

  /// The texts of a list, with commas between.
  static String joined(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(item -> texts.add(item.asString("")));
    return String.join(", ", texts);
  }

  static CommandFailure usage(Phrase message, Phrase advice) {
    return new CommandFailure(ExitCode.USAGE, message, advice);
  }
}
