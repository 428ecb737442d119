package org.ongsung.it;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ongsung.cli.Surroundings;
import org.ongsung.server.Main;
import org.ongsung.testkit.CompletedProgram;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The whole command line within this JVM, for the many commands whose process is not what is
/// tried; [Installation#program] runs one in a process.
final class Cli {
  private final Path folder;
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final Deque<String> typed = new ArrayDeque<>();
  private Clock clock = Clock.systemUTC();
  private String input = "";

  /// One that was started in `folder`, which is the person's home too.
  Cli(Path folder) {
    this.folder = folder;
  }

  /// Of an installation, with its configuration.
  static Cli of(Installation gate) {
    return new Cli(gate.folder()).with("ONGSUNG_CONFIG", gate.config().toString());
  }

  Cli with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /// At another time.
  Cli at(Clock other) {
    clock = other;
    return this;
  }

  /// What is on standard input of the next command.
  Cli input(String text) {
    input = text;
    return this;
  }

  /// What a person types at the next prompts; without any there is no terminal.
  Cli typing(String... answers) {
    typed.addAll(List.of(answers));
    return this;
  }

  /// Runs a command.
  CompletedProgram run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Surroundings surroundings = surroundings(out, err);
    input = "";
    int status = Main.commandLine(surroundings, arguments).execute(arguments);
    surroundings.out().flush();
    return new CompletedProgram(List.of(arguments), status, out.toByteArray(), err.toByteArray());
  }

  /// The world of a command that is not run.
  Surroundings surroundings() {
    return surroundings(new ByteArrayOutputStream(), new ByteArrayOutputStream());
  }

  private Surroundings surroundings(ByteArrayOutputStream out, ByteArrayOutputStream err) {
    return new Surroundings(
        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
        new PrintStream(out, false, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        environment,
        folder,
        folder,
        () -> false,
        _ -> Optional.ofNullable(typed.poll()).map(String::toCharArray),
        clock);
  }

  /// Runs a command that must succeed and be silent on standard error; gives what it printed.
  String done(String... arguments) {
    CompletedProgram done = run(arguments).expectSuccess();
    if (!done.stderr().isEmpty()) {
      throw new AssertionError("unasked on standard error: " + done.stderr());
    }
    return done.stdout();
  }

  /// The same with `--output json`.
  JsonNode json(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--output", "json"));
    return JsonMapper.shared().readTree(done(all.toArray(String[]::new)));
  }

  /// Runs a command that must fail: nothing on standard output, and on standard error what went
  /// wrong in a line and what to do in another. Gives both.
  String failing(int status, String... arguments) {
    CompletedProgram done = run(arguments).expectExit(status);
    List<String> lines = done.stderr().lines().toList();
    boolean told =
        done.stdout().isEmpty()
            && lines.size() == 2
            && lines.getFirst().startsWith("ongsung: ")
            && lines.stream().noneMatch(line -> line.contains("Exception") || line.isBlank());
    if (!told) {
      throw new AssertionError("not an error as it should be: " + done);
    }
    return done.stderr();
  }
}
