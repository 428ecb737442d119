package org.ongsung.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.ongsung.cli.show.TerminalCheck;
import org.ongsung.cli.words.Phrase;

/// The world around a command: everything of it that a command may touch.
///
/// @param home the person's home folder
/// @param folder the folder the command was started in
/// @param outIsTerminal whether a person's terminal shows what goes to `out`
public record Surroundings(
    InputStream in,
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    Path home,
    Path folder,
    BooleanSupplier outIsTerminal,
    SecretPrompt prompt,
    Clock clock) {
  public Surroundings {
    environment = Map.copyOf(environment);
  }

  /// Asks a person for a secret without showing it.
  @FunctionalInterface
  public interface SecretPrompt {
    /// What they typed, or nothing where there is no terminal to ask at.
    Optional<char[]> ask(String question);
  }

  /// The world of this process.
  public static Surroundings ofThisProcess() {
    return new Surroundings(
        System.in,
        new PrintStream(
            new java.io.FileOutputStream(java.io.FileDescriptor.out),
            false,
            StandardCharsets.UTF_8),
        new PrintStream(
            new java.io.FileOutputStream(java.io.FileDescriptor.err), true, StandardCharsets.UTF_8),
        System.getenv(),
        Path.of(System.getProperty("user.home", "/")),
        Path.of("").toAbsolutePath(),
        () -> TerminalCheck.isTerminal(1),
        Surroundings::askAtConsole,
        Clock.systemUTC());
  }

  private static Optional<char[]> askAtConsole(String question) {
    return Optional.ofNullable(System.console())
        .flatMap(console -> Optional.ofNullable(console.readPassword("%s: ", question)));
  }

  /// The person's language: Korean or English.
  public Locale language() {
    return Phrase.language(environment);
  }

  /// The value of an environment variable, if it is set and not empty.
  public Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }
}
