package org.ongsung.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A program that was started here and runs. Its output is collected, so that it never waits for a
/// reader. Closing it ends it by its process id.
public final class RunningProgram implements AutoCloseable {
  private static final Duration GRACE = Deadlines.ofUsual(Duration.ofSeconds(1));

  private final List<String> command;
  private final Process process;
  private final Collector stdout;
  private final Collector stderr;

  RunningProgram(List<String> command, Process process) {
    this.command = command;
    this.process = process;
    this.stdout = new Collector(process.getInputStream());
    this.stderr = new Collector(process.getErrorStream());
  }

  /// The process id.
  public long pid() {
    return process.pid();
  }

  public boolean alive() {
    return process.isAlive();
  }

  /// Its standard input; close it to let the program see the end.
  public OutputStream stdin() {
    return process.getOutputStream();
  }

  /// Writes text to its standard input.
  public RunningProgram type(String text) {
    try {
      stdin().write(text.getBytes(StandardCharsets.UTF_8));
      stdin().flush();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to " + so(), e);
    }
  }

  /// What it has written to standard output so far.
  public String stdout() {
    return stdout.text();
  }

  /// What it has written to standard error so far.
  public String stderr() {
    return stderr.text();
  }

  /// Waits until standard output or standard error holds the text.
  ///
  /// @throws AssertionError when the program ends before that, or past the deadline
  public RunningProgram awaitOutput(String text, Duration deadline) {
    long end = System.nanoTime() + deadline.toNanos();
    while (!hasWritten(text)) {
      if (!alive()) {
        CompletedProgram ended = await(GRACE); // and so all that it wrote has been read
        if (hasWritten(text)) {
          return this;
        }
        throw new AssertionError("\"" + text + "\" was never written by " + ended);
      }
      if (System.nanoTime() - end > 0) {
        throw new AssertionError(
            "after " + deadline.toSeconds() + " s \"" + text + "\" was not written by " + so());
      }
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted while waiting for " + so(), e);
      }
    }
    return this;
  }

  private boolean hasWritten(String text) {
    return stdout().contains(text) || stderr().contains(text);
  }

  /// Waits for its end.
  ///
  /// @throws AssertionError past the deadline; it is killed then
  public CompletedProgram await(Duration deadline) {
    try {
      if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("still running after " + deadline.toSeconds() + " s: " + so());
      }
      stdout.join();
      stderr.join();
      return new CompletedProgram(command, process.exitValue(), stdout.bytes(), stderr.bytes());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for " + so(), e);
    }
  }

  /// Sends it a signal by name: `INT`, `HUP`, `KILL`.
  public void signal(String name) {
    if (alive()) {
      Program.of("kill", "-" + name, Long.toString(pid())).run();
    }
  }

  /// Ends it: asked first, killed when it does not listen.
  @Override
  public void close() {
    endWith("TERM");
  }

  /// Ends it by this signal, and kills it when it does not listen.
  void endWith(String signal) {
    if (!alive()) {
      return;
    }
    if (signal.equals("TERM")) {
      process.destroy();
    } else {
      signal(signal);
    }
    try {
      if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private String so() {
    return String.join(" ", command) + "\n-- stdout\n" + stdout() + "\n-- stderr\n" + stderr();
  }

  /// Reads a stream to its end.
  private static final class Collector {
    private static final Duration AFTER_EXIT = Duration.ofSeconds(20);

    private final ByteArrayOutputStream collected = new ByteArrayOutputStream();
    private final Thread reader;

    Collector(InputStream stream) {
      // Reading a pipe blocks the thread that carries a virtual one, of which a process has 256.
      reader = Thread.ofPlatform().daemon().name("output").start(() -> collect(stream));
    }

    private void collect(InputStream stream) {
      byte[] buffer = new byte[8192];
      try (stream) {
        for (int length = stream.read(buffer); length >= 0; length = stream.read(buffer)) {
          collected.write(buffer, 0, length);
        }
      } catch (IOException e) {
        // the program has ended
      }
    }

    /// A child of the program may hold the stream open after the program's end; that is not waited
    /// for for ever.
    void join() throws InterruptedException {
      reader.join(AFTER_EXIT);
    }

    byte[] bytes() {
      return collected.toByteArray();
    }

    String text() {
      return collected.toString(StandardCharsets.UTF_8);
    }
  }
}
