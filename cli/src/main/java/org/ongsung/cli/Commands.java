package org.ongsung.cli;

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
import org.ongsung.model.Shown;
import picocli.CommandLine;

/// The command line put together, and what it does when a command fails.
public final class Commands {
  private static final int MAX_MESSAGE_CHARACTERS = 2_000;

  private Commands() {}

  /// All commands that speak to a gateway.
  public static CommandLine assemble(Surroundings surroundings, LocalGateway localGateway) {
    CommandLine line = new CommandLine(new OngsungCommand(surroundings, localGateway));
    line.addSubcommand(new ApplyCommand());
    line.addSubcommand(new ExportCommand());
    for (EntryKind kind : EntryKind.ALL) {
      line.addSubcommand(kind.commands());
    }
    line.addSubcommand(new SessionCommands());
    line.addSubcommand(new ReplayCommand());
    line.addSubcommand(new LedgerCommands());
    line.addSubcommand(new ReachCommand());
    line.addSubcommand(new BlockCommands());
    line.addSubcommand(new TokenCommands());
    line.addSubcommand(new LoginCommand());
    line.addSubcommand(new LogoutCommand());
    line.addSubcommand(new PasswdCommand());
    return line;
  }

  /// Sets the streams and the handling of failures, once every command is there.
  public static CommandLine finish(CommandLine line, Surroundings surroundings) {
    line.setOut(new PrintWriter(surroundings.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(surroundings.err(), true, StandardCharsets.UTF_8));
    line.setCaseInsensitiveEnumValuesAllowed(false);
    line.setExpandAtFiles(false);
    line.setExecutionExceptionHandler((e, command, _) -> report(e, surroundings, command));
    line.setParameterExceptionHandler(
        (e, _) -> {
          surroundings.err().println("ongsung: " + shown(String.valueOf(e.getMessage())));
          surroundings
              .err()
              .println("See: " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
          return ExitCode.USAGE.status();
        });
    return line;
  }

  private static int report(Exception e, Surroundings surroundings, CommandLine command) {
    surroundings.out().flush();
    CommandFailure failure = explain(e, command);
    surroundings.err().println("ongsung: " + shown(String.valueOf(failure.getMessage())));
    if (!failure.advice().isEmpty()) {
      surroundings.err().println(failure.advice());
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
              String.valueOf(unreachable.getMessage()),
              "Is it running? Start it with: ongsung serve. What is wrong here says: ongsung doctor.",
              e);
      case NoSuchFileException missing ->
          new CommandFailure(
              ExitCode.FAILED, "no such file: " + missing.getFile(), "Name one that is there.", e);
      case AccessDeniedException denied ->
          new CommandFailure(
              ExitCode.FAILED,
              "may not read or write " + denied.getFile(),
              "Run this as a user who may, or name another.",
              e);
      case UncheckedIOException wrapped when wrapped.getCause() != null ->
          explain(wrapped.getCause(), command);
      case IOException io ->
          new CommandFailure(
              ExitCode.FAILED, text(io), "What is wrong here says: ongsung doctor.", e);
      default ->
          new CommandFailure(
              ExitCode.FAILED,
              "something went wrong inside " + command.getCommandSpec().qualifiedName(),
              // Not the message: nobody knows what it holds.
              "This is a fault of Ongsung: " + e.getClass().getSimpleName() + where(e),
              e);
    };
  }

  private static CommandFailure explain(GatewayRefusal refusal, CommandLine command) {
    String message = String.valueOf(refusal.getMessage());
    String id = refusal.errorId().isEmpty() ? "" : " (error " + refusal.errorId() + ")";
    return switch (refusal.status()) {
      case 401 ->
          new CommandFailure(
              ExitCode.DENIED, message + id, "Log in first: ongsung login URL.", refusal);
      case 403 ->
          new CommandFailure(
              ExitCode.DENIED,
              message + id,
              "Another login may have the right to do this.",
              refusal);
      case 404 ->
          new CommandFailure(
              ExitCode.NOT_FOUND,
              message + ": " + whatWasNamed(command) + id,
              whereToLook(command),
              refusal);
      case 400, 422 ->
          new CommandFailure(
              ExitCode.USAGE,
              message + id,
              "Nothing was changed. See: " + command.getCommandSpec().qualifiedName() + " --help",
              refusal);
      case 409 ->
          new CommandFailure(
              ExitCode.FAILED, message + id, "Look at how it is now before trying again.", refusal);
      default ->
          new CommandFailure(
              ExitCode.FAILED,
              message + id,
              id.isEmpty()
                  ? "Try again; if it stays so, look at the gateway's log."
                  : "The gateway's log has the cause under that error.",
              refusal);
    };
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

  private static String whereToLook(CommandLine command) {
    CommandLine parent = command.getParent();
    return parent != null && parent.getSubcommands().containsKey("list")
        ? "What is there shows: " + parent.getCommandSpec().qualifiedName() + " list"
        : "The list command of its kind shows what is there.";
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
