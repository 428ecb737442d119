package org.ongsung.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A real program to run: its arguments, input, environment and deadline. Immutable; each method
/// gives a changed copy.
///
/// The environment starts from almost nothing: `PATH`, `LANG=C.UTF-8`, `TERM=xterm` and a `HOME` of
/// this JVM's own that is empty at first, so that nothing of the person who runs the tests reaches
/// the program. (OpenSSH takes its home from the password database all the same: use
/// [OpenSshClient].)
public final class Program {
  private static final class Home {
    static final Path FOLDER = Folders.untilExit("ongsung-home");
  }

  private final List<String> command;
  private final Map<String, String> environment;
  private final @Nullable Path folder;
  private final byte @Nullable [] stdin;
  private final Duration deadline;

  private Program(
      List<String> command,
      Map<String, String> environment,
      @Nullable Path folder,
      byte @Nullable [] stdin,
      Duration deadline) {
    this.command = List.copyOf(command);
    this.environment = Map.copyOf(environment);
    this.folder = folder;
    this.stdin = stdin;
    this.deadline = deadline;
  }

  /// A program with its arguments, found on the path.
  public static Program of(String... command) {
    return of(List.of(command));
  }

  /// A program with its arguments, found on the path.
  public static Program of(List<String> command) {
    Map<String, String> environment =
        Map.of(
            "PATH",
            System.getenv().getOrDefault("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin",
            "LANG",
            "C.UTF-8",
            "TERM",
            "xterm",
            "HOME",
            Home.FOLDER.toString());
    return new Program(command, environment, null, null, Deadlines.ACTION);
  }

  /// With more arguments at the end.
  public Program and(String... arguments) {
    List<String> longer = new ArrayList<>(command);
    longer.addAll(List.of(arguments));
    return new Program(longer, environment, folder, stdin, deadline);
  }

  /// Run by another program that takes it as its arguments: `sshpass -e ssh …`.
  public Program through(String... runner) {
    List<String> longer = new ArrayList<>(List.of(runner));
    longer.addAll(command);
    return new Program(longer, environment, folder, stdin, deadline);
  }

  /// With an environment variable.
  public Program environment(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(environment);
    more.put(name, value);
    return new Program(command, more, folder, stdin, deadline);
  }

  /// With a working folder; without, it is the test's own.
  public Program in(Path workingFolder) {
    return new Program(command, environment, workingFolder, stdin, deadline);
  }

  /// With these bytes on standard input, then its end; without, standard input is at its end from
  /// the start.
  public Program input(byte[] bytes) {
    return new Program(command, environment, folder, bytes.clone(), deadline);
  }

  /// With this text on standard input.
  public Program input(String text) {
    return input(text.getBytes(StandardCharsets.UTF_8));
  }

  /// With another deadline than [Deadlines#ACTION].
  public Program within(Duration longest) {
    return new Program(command, environment, folder, stdin, longest);
  }

  /// Runs the program to its end.
  ///
  /// @throws AssertionError past the deadline, with what it had written; it is killed then
  public CompletedProgram run() {
    try (RunningProgram running = start()) {
      try (OutputStream in = running.stdin()) {
        if (stdin != null) {
          in.write(stdin);
        }
      } catch (IOException e) {
        // The program does not want (all of) its input; its exit status tells whether that is well.
      }
      return running.await(deadline);
    }
  }

  /// Starts the program and leaves its standard input open, whatever [#input] says.
  public RunningProgram start() {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(environment);
    if (folder != null) {
      builder.directory(folder.toFile());
    }
    try {
      return new RunningProgram(command, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + command.getFirst(), e);
    }
  }
}
