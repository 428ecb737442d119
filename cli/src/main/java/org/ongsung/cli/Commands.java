package org.ongsung.cli;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import org.ongsung.cli.client.GatewayRefusal;
import org.ongsung.cli.client.GatewayUnreachable;
import org.ongsung.cli.client.LocalGateway;
import org.ongsung.cli.words.Help;
import org.ongsung.cli.words.Phrase;
import org.ongsung.model.Shown;
import picocli.CommandLine;

/// The command line put together, and what it does when a command fails.
public final class Commands {
  private static final int MAX_MESSAGE_CHARACTERS = 2_000;

  private Commands() {}

  /// All commands that speak to a gateway.
  public static CommandRoster roster() {
    CommandRoster roster = new CommandRoster();
    roster
        .add("apply", ApplyCommand::new)
        .add("export", ExportCommand::new)
        .add("import", ImportCommand::new);
    for (EntryKind kind : EntryKind.ALL) {
      roster.add(kind.word(), kind::commands);
    }
    for (EntryKind kind : EntryKind.OF_WALL) {
      roster.add(kind.word(), kind::commands);
    }
    return roster
        .add("key", KeyCommands::new)
        .add("session", SessionCommands::new)
        .add("replay", ReplayCommand::new)
        .add("search", SearchCommand::new)
        .add("ledger", LedgerCommands::new)
        .add("reach", ReachCommand::new)
        .add("job", JobCommands::new)
        .add("webhook", WebhookCommands::new)
        .add("block", BlockCommands::new)
        .add("token", TokenCommands::new)
        .add("login", LoginCommand::new)
        .add("logout", LogoutCommand::new)
        .add("passwd", PasswdCommand::new)
        .add("language", LanguageCommand::new);
  }

  /// The command line for these arguments, with its streams and its handling of failures.
  public static CommandLine assemble(
      CommandRoster roster,
      Surroundings surroundings,
      LocalGateway localGateway,
      String... arguments) {
    CommandLine line = new CommandLine(new OngsungCommand(surroundings, localGateway));
    roster.makeFor(line, arguments);
    Help.in(surroundings.language()).ifPresent(line::setResourceBundle);
    line.setOut(new PrintWriter(surroundings.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(surroundings.err(), true, StandardCharsets.UTF_8));
    line.setCaseInsensitiveEnumValuesAllowed(false);
    line.setExpandAtFiles(false);
    line.setExecutionExceptionHandler((e, command, _) -> report(e, surroundings, command));
    line.setParameterExceptionHandler(
        (e, _) -> {
          String name = e.getCommandLine().getCommandSpec().qualifiedName();
          surroundings.err().println("ongsung: " + shown(wrong(e).in(surroundings.language())));
          surroundings.err().println(Phrase.of("see-help", name).in(surroundings.language()));
          return ExitCode.USAGE.status();
        });
    return line;
  }

  /// What is wrong with a command line; picocli says it in English alone.
  private static Phrase wrong(CommandLine.ParameterException e) {
    return switch (e) {
      case CommandLine.MissingParameterException missing when !missing.getMissing().isEmpty() ->
          Phrase.of(
              "missing-arguments",
              missing.getMissing().stream().map(Commands::name).collect(joining(", ")));
      case CommandLine.UnmatchedArgumentException unknown ->
          Phrase.of("unknown-arguments", String.join(" ", unknown.getUnmatched()));
      default -> Phrase.plain(String.valueOf(e.getMessage()));
    };
  }

  private static String name(CommandLine.Model.ArgSpec argument) {
    return argument instanceof CommandLine.Model.OptionSpec option
        ? option.longestName() + " " + option.paramLabel()
        : argument.paramLabel();
  }

  private static int report(Exception e, Surroundings surroundings, CommandLine command) {
    surroundings.out().flush();
    CommandFailure failure = explain(e, command);
    surroundings.err().println("ongsung: " + shown(failure.message().in(surroundings.language())));
    if (!failure.advice().isEmpty()) {
      surroundings.err().println(failure.advice().in(surroundings.language()));
    }
    return failure.exitCode().status();
  }

  /// What stood in a message may come from a file or from the gateway: no control characters but
  /// the line feeds between several problems.
  private static String shown(String message) {
    return message
        .lines()
        .map(line -> Shown.plain(line, MAX_MESSAGE_CHARACTERS))
        .reduce((a, b) -> a + "\n" + b)
        .orElse("");
  }

  private static CommandFailure explain(Exception e, CommandLine command) {
    return switch (e) {
      case CommandFailure failure -> failure;
      case GatewayRefusal refusal -> explain(refusal, command);
      case GatewayUnreachable unreachable ->
          new CommandFailure(
              ExitCode.UNREACHABLE,
              Phrase.of("unreachable", unreachable.address()),
              Phrase.of("unreachable.advice"),
              e);
      case NoSuchFileException missing ->
          new CommandFailure(
              ExitCode.FAILED,
              Phrase.of("no-file", missing.getFile()),
              Phrase.of("no-file.advice"),
              e);
      case AccessDeniedException denied ->
          new CommandFailure(
              ExitCode.FAILED,
              Phrase.of("denied-file", denied.getFile()),
              Phrase.of("denied-file.advice"),
              e);
      case UncheckedIOException wrapped when wrapped.getCause() != null ->
          explain(wrapped.getCause(), command);
      case IOException io ->
          new CommandFailure(ExitCode.FAILED, Phrase.plain(text(io)), Phrase.of("io.advice"), e);
      default ->
          new CommandFailure(
              ExitCode.FAILED,
              Phrase.of("fault", command.getCommandSpec().qualifiedName()),
              // Not the message: nobody knows what it holds.
              Phrase.of("fault.advice", e.getClass().getSimpleName() + where(e)),
              e);
    };
  }

  private static CommandFailure explain(GatewayRefusal refusal, CommandLine command) {
    Phrase message = Phrase.refused(refusal.code(), String.valueOf(refusal.getMessage()));
    String name = command.getCommandSpec().qualifiedName();
    return switch (refusal.status()) {
      case 401 ->
          new CommandFailure(
              ExitCode.DENIED, numbered(message, refusal), Phrase.of("login-first"), refusal);
      case 403 ->
          new CommandFailure(
              ExitCode.DENIED, numbered(message, refusal), Phrase.of("another-login"), refusal);
      case 404 ->
          new CommandFailure(
              ExitCode.NOT_FOUND,
              numbered(Phrase.of("named", message, whatWasNamed(command)), refusal),
              whereToLook(command),
              refusal);
      case 400, 422 ->
          new CommandFailure(
              ExitCode.USAGE,
              numbered(message, refusal),
              Phrase.of("nothing-changed-help", name),
              refusal);
      case 409 ->
          new CommandFailure(
              ExitCode.FAILED, numbered(message, refusal), Phrase.of("look-again"), refusal);
      case 429, 503 -> // no fault: the log may have nothing of it
          new CommandFailure(
              ExitCode.FAILED, numbered(message, refusal), Phrase.of("try-again-log"), refusal);
      default ->
          new CommandFailure(
              ExitCode.FAILED,
              numbered(message, refusal),
              Phrase.of(refusal.errorId().isEmpty() ? "try-again-log" : "log-has-cause"),
              refusal);
    };
  }

  private static Phrase numbered(Phrase message, GatewayRefusal refusal) {
    return refusal.errorId().isEmpty()
        ? message
        : Phrase.of("with-error", message, refusal.errorId());
  }

  /// The names on the command line: what stands alone, else the options' values.
  private static String whatWasNamed(CommandLine command) {
    CommandLine.ParseResult given = command.getParseResult();
    List<String> named =
        given.matchedPositionals().stream().flatMap(p -> p.stringValues().stream()).toList();
    return String.join(
        " ",
        named.isEmpty()
            ? given.matchedOptions().stream().flatMap(o -> o.stringValues().stream()).toList()
            : named);
  }

  private static Phrase whereToLook(CommandLine command) {
    CommandLine parent = command.getParent();
    return parent != null && parent.getSubcommands().containsKey("list")
        ? Phrase.of("list-shows", parent.getCommandSpec().qualifiedName())
        : Phrase.of("some-list-shows");
  }

  private static String where(Exception e) {
    return Arrays.stream(e.getStackTrace())
        .filter(frame -> frame.getClassName().startsWith("org.ongsung."))
        .findFirst()
        .map(frame -> " at " + frame.getFileName() + ":" + frame.getLineNumber())
        .orElse("");
  }

  private static String text(Exception e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
