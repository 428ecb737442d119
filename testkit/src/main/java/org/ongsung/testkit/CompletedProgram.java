package org.ongsung.testkit;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// A program that has ended, with all it wrote.
public final class CompletedProgram {
  private final List<String> command;
  private final int exit;
  private final byte[] stdout;
  private final byte[] stderr;

  /// One that did run, wherever.
  public CompletedProgram(List<String> command, int exit, byte[] stdout, byte[] stderr) {
    this.command = List.copyOf(command);
    this.exit = exit;
    this.stdout = stdout.clone();
    this.stderr = stderr.clone();
  }

  /// Its exit status; 128 + N when signal N ended it.
  public int exit() {
    return exit;
  }

  /// What it wrote to standard output, byte for byte.
  public byte[] stdoutBytes() {
    return stdout.clone();
  }

  /// Standard output as UTF-8 text.
  public String stdout() {
    return new String(stdout, StandardCharsets.UTF_8);
  }

  /// Standard error as UTF-8 text.
  public String stderr() {
    return new String(stderr, StandardCharsets.UTF_8);
  }

  /// This, if the program ended so.
  ///
  /// @throws AssertionError otherwise, with all it wrote
  public CompletedProgram expectExit(int expected) {
    if (exit != expected) {
      throw new AssertionError("expected exit status " + expected + " of " + this);
    }
    return this;
  }

  /// This, if the program succeeded.
  public CompletedProgram expectSuccess() {
    return expectExit(0);
  }

  @Override
  public String toString() {
    return String.join(" ", command)
        + "\nexit "
        + exit
        + "\n-- stdout\n"
        + stdout()
        + "\n-- stderr\n"
        + stderr();
  }
}
