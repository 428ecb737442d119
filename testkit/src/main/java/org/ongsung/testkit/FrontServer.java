package org.ongsung.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A real web server that stands before an application: nginx, Apache or lighttpd from Debian, in
/// the foreground, on a free loopback port, with a temporary folder for all its files, as the
/// account that runs the test. Never a system service; closing it ends the processes that it
/// started.
///
/// Its configuration is a text, such as a file that is shipped, with parts replaced: first what
/// [#replacing] was told, then `@PORT@`, `@FOLDER@` and `@USER@` wherever they stand.
public abstract class FrontServer implements AutoCloseable {
  private static final int PORT_ATTEMPTS = 5;

  private final Path folder = Folders.temporary("ongsung-front");
  private final Map<String, String> replacements = new LinkedHashMap<>();
  private String configuration;
  private int port;
  private @Nullable RunningProgram program;

  /// @param configuration with `@PORT@` and the like
  FrontServer(String configuration) {
    this.configuration = configuration;
  }

  /// Replaces a part of the configuration before the server starts.
  ///
  /// @throws AssertionError when the configuration does not hold it: a test of a shipped file must
  ///   notice when the file changes
  public final FrontServer replacing(String part, String replacement) {
    if (!configuration.contains(part)) {
      throw new AssertionError("the configuration has no \"" + part + "\":\n" + configuration);
    }
    replacements.put(part, replacement);
    return this;
  }

  /// Starts it, or starts it again.
  public final FrontServer start() {
    try {
      for (int attempt = 1; ; attempt++) {
        int free = port == 0 ? Ports.free() : port;
        RunningProgram started = command(written(free)).start();
        try {
          awaitListening(started, free);
          port = free;
          program = started;
          return this;
        } catch (AssertionError e) {
          started.close();
          if (attempt == PORT_ATTEMPTS || !started.stderr().contains("in use")) {
            throw e;
          }
        }
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private static void awaitListening(RunningProgram started, int port) {
    Deadlines.await(
        "the web server listens",
        Deadlines.SERVICE,
        () -> {
          if (!started.alive()) {
            throw new AssertionError("it ended:\n" + started.stdout() + started.stderr());
          }
          return Ports.listening(port);
        });
  }

  private Path written(int onPort) {
    String text = configuration;
    for (Map.Entry<String, String> each : replacements.entrySet()) {
      text = text.replace(each.getKey(), each.getValue());
    }
    text =
        text.replace("@PORT@", Integer.toString(onPort))
            .replace("@FOLDER@", folder.toString())
            .replace("@USER@", System.getProperty("user.name"));
    try {
      return Files.writeString(folder.resolve("server.conf"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The command that runs it in the foreground.
  abstract Program command(Path configurationFile);

  public final int port() {
    return port;
  }

  /// `http://127.0.0.1:PORT`
  public final String url() {
    return "http://127.0.0.1:" + port;
  }

  /// Its folder, deleted with it.
  public final Path folder() {
    return folder;
  }

  /// What it wrote to standard error and its error log.
  public final String log() {
    RunningProgram running = program;
    StringBuilder log = new StringBuilder(running == null ? "" : running.stderr());
    Path file = folder.resolve("error.log");
    try {
      if (Files.exists(file)) {
        log.append(Files.readString(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return log.toString();
  }

  /// Its main process, to signal it.
  public final RunningProgram process() {
    RunningProgram running = program;
    if (running == null) {
      throw new IllegalStateException("this web server is stopped");
    }
    return running;
  }

  /// Ends it and leaves its files.
  public final void stop() {
    RunningProgram running = program;
    program = null;
    if (running == null) {
      return;
    }
    var children =
        ProcessHandle.of(running.pid()).stream().flatMap(ProcessHandle::descendants).toList();
    running.close();
    children.forEach(ProcessHandle::destroy);
  }

  @Override
  public final void close() {
    stop();
    Folders.delete(folder);
  }
}
