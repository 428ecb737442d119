package org.ongsung.cli;

import org.jspecify.annotations.Nullable;
import org.ongsung.cli.words.Phrase;

/// A command that did not work, in words for the person who ran it.
public final class CommandFailure extends RuntimeException {
  private final transient Phrase message;
  private final transient Phrase advice;
  private final ExitCode exitCode;

  /// @param message what went wrong, without a full stop
  /// @param advice what to do next, a sentence; may be empty
  public CommandFailure(ExitCode exitCode, Phrase message, Phrase advice) {
    this(exitCode, message, advice, null);
  }

  public CommandFailure(
      ExitCode exitCode, Phrase message, Phrase advice, @Nullable Throwable cause) {
    super(message.text(), cause);
    this.exitCode = exitCode;
    this.message = message;
    this.advice = advice;
  }

  /// With words that are said as they are, such as a gateway's.
  public CommandFailure(
      ExitCode exitCode, String message, String advice, @Nullable Throwable cause) {
    this(exitCode, Phrase.plain(message), Phrase.plain(advice), cause);
  }

  /// What went wrong.
  public Phrase message() {
    return message;
  }

  public ExitCode exitCode() {
    return exitCode;
  }

  /// What to do next; may be empty.
  public Phrase advice() {
    return advice;
  }
}
