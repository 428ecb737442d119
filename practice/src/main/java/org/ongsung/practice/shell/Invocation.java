package org.ongsung.practice.shell;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One run of one command.
///
/// @param name the command's name, as errors begin with
/// @param arguments without the name
record Invocation(
    PracticeShell shell, Job job, String name, List<String> arguments, Streams streams) {

  private static final int MAX_TEXT_LINE_CHARS = 1 << 20;

  /// A command's options (`-la`, `-n 5`) and the operands after them.
  record Options(String flags, List<String> operands) {
    boolean has(char flag) {
      return flags.indexOf(flag) >= 0;
    }
  }

  OutputStream out() {
    return streams.out();
  }

  void print(String text) throws IOException {
    out().write(text.getBytes(StandardCharsets.UTF_8));
  }

  void println(String text) throws IOException {
    print(text + "\n");
  }

  /// Says on standard error what went wrong; gives 1, the status to end with.
  int fail(String message) throws IOException {
    streams.err().write((name + ": " + message + "\n").getBytes(StandardCharsets.UTF_8));
    return 1;
  }

  /// Says that the file could not be worked on; gives 1.
  int fail(String operand, IOException cause) throws IOException {
    job.check();
    if (cause instanceof Pipe.Broken broken) {
      throw broken;
    }
    return fail(operand + ": " + FileErrors.describe(cause));
  }

  Path path(String operand) {
    return shell.resolve(operand);
  }

  /// Splits options made of the given letters from the operands; null (after saying so) if there is
  /// another option.
  @Nullable Options options(String known) throws IOException {
    StringBuilder flags = new StringBuilder();
    int at = 0;
    for (; at < arguments.size(); at++) {
      String argument = arguments.get(at);
      if (argument.equals("--")) {
        at++;
        break;
      }
      if (!argument.startsWith("-") || argument.length() == 1) {
        break;
      }
      for (int index = 1; index < argument.length(); index++) {
        char flag = argument.charAt(index);
        if (known.indexOf(flag) < 0) {
          fail("unknown option -" + flag + (known.isEmpty() ? "" : "; known are -" + known));
          return null;
        }
        flags.append(flag);
      }
    }
    return new Options(flags.toString(), arguments.subList(at, arguments.size()));
  }

  /// Works on the lines of a text.
  @FunctionalInterface
  interface LineWork {
    /// Returns whether to go on.
    boolean line(String line) throws IOException;
  }

  /// Reads lines of at most a million characters, longer ones in pieces.
  void lines(InputStream in, LineWork work) throws IOException {
    BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    StringBuilder line = new StringBuilder();
    for (int c = reader.read(); c >= 0; c = reader.read()) {
      boolean end = c == '\n';
      if (!end) {
        line.append((char) c);
      }
      if (end || line.length() == MAX_TEXT_LINE_CHARS) {
        job.check();
        if (!work.line(line.toString())) {
          return;
        }
        line.setLength(0);
      }
    }
    if (!line.isEmpty()) {
      work.line(line.toString());
    }
  }

  /// Works on an input that is closed afterwards.
  @FunctionalInterface
  interface InputWork {
    void input(String operand, InputStream in) throws IOException;
  }

  /// Opens each operand, or standard input if there is none or it is `-`; gives 1 if any could not
  /// be read, else 0.
  int inputs(List<String> operands, InputWork work) throws IOException {
    int status = 0;
    for (String operand : operands.isEmpty() ? List.of("-") : operands) {
      job.check();
      if (operand.equals("-")) {
        out().flush();
        work.input(operand, streams.in());
        continue;
      }
      try (InputStream in = shell.open(path(operand))) {
        work.input(operand, in);
      } catch (java.nio.file.FileSystemException e) {
        status = fail(operand, e);
      }
    }
    return status;
  }
}
