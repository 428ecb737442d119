package org.ongsung.cli;

import org.jspecify.annotations.Nullable;

/// A command that did not work, in words for the person who ran it.
public final class CommandFailure extends RuntimeException {
  private final ExitCode exitCode;
  private final String advice;

  /// @param message what went wrong, without a full stop
  /// @param advice what to do next, a sentence; may be empty
  public CommandFailure(ExitCode exitCode, String message, String advice) {
    this(exitCode, message, advice, null);
  }

  public CommandFailure(
      ExitCode exitCode, String message, String advice, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
    this.advice = advice;
  }

  public ExitCode exitCode() {
    return exitCode;
  }

  /// What to do next; may be empty.
  public String advice() {
    return advice;
  }
}
