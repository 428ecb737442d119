package org.ongsung.cli;

/// What a command ends with. `demo --exec` ends with the status of its command instead.
public enum ExitCode {
  /// Done.
  OK(0, "done"),
  /// Tried, and it did not work; the message says why.
  FAILED(1, "failed"),
  /// The command line cannot be understood.
  USAGE(2, "the command line or a file was wrong"),
  /// Not logged in, or not allowed.
  DENIED(3, "not logged in, or not allowed"),
  /// What was named is not there.
  NOT_FOUND(4, "what was named is not there"),
  /// No gateway answers.
  UNREACHABLE(5, "no gateway answers");

  private final int status;
  private final String meaning;

  ExitCode(int status, String meaning) {
    this.status = status;
    this.meaning = meaning;
  }

  /// The process's exit status.
  public int status() {
    return status;
  }

  /// In a few words, for the help.
  public String meaning() {
    return meaning;
  }
}
