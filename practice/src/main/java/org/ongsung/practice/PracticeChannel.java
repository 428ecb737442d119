package org.ongsung.practice;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.Signal;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.jspecify.annotations.Nullable;
import org.ongsung.practice.files.PracticeFiles;
import org.ongsung.practice.shell.PracticeShell;
import org.ongsung.practice.terminal.LineEditor;
import org.ongsung.practice.terminal.Terminal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One channel of a connection: a shell to type into, or one command line.
final class PracticeChannel implements Command {
  private static final Logger LOG = LoggerFactory.getLogger(PracticeChannel.class);
  private static final int MAX_ENVIRONMENT_CHARS = 256;

  private final PracticeOptions options;
  private final PracticeFiles files;
  private final @Nullable String commandLine;
  private InputStream in = InputStream.nullInputStream();
  private OutputStream out = OutputStream.nullOutputStream();
  private OutputStream err = OutputStream.nullOutputStream();
  private @Nullable ExitCallback exit;
  private @Nullable Thread thread;
  private @Nullable Thread listener;
  private @Nullable PracticeShell shell;
  private volatile boolean gone;

  /// @param commandLine null for a shell to type into
  PracticeChannel(PracticeOptions options, PracticeFiles files, @Nullable String commandLine) {
    this.options = options;
    this.files = files;
    this.commandLine = commandLine;
  }

  @Override
  public void setInputStream(InputStream stream) {
    in = stream;
  }

  @Override
  public void setOutputStream(OutputStream stream) {
    out = stream;
  }

  @Override
  public void setErrorStream(OutputStream stream) {
    err = stream;
  }

  @Override
  public void setExitCallback(ExitCallback callback) {
    exit = callback;
  }

  @Override
  public void start(ChannelSession channel, Environment environment) {
    Terminal terminal = terminal(environment);
    shell =
        new PracticeShell(
            new PracticeShell.Surroundings(
                files,
                options.account(),
                options.hostname(),
                options.clock(),
                options.limits().shell(),
                kept(environment.getEnv())),
            terminal);
    if (terminal != null) {
      environment.addSignalListener(
          (_, _) -> terminal.resize(columns(environment), rows(environment)), Signal.WINCH);
      listener = Thread.ofVirtual().name("practice-terminal").start(terminal::listen);
    }
    environment.addSignalListener((_, _) -> interrupt(), Signal.INT, Signal.TERM, Signal.HUP);
    PracticeShell started = shell;
    thread = Thread.ofVirtual().name("practice-shell").start(() -> run(started, terminal));
  }

  /// The channel is gone: nothing may go on behind it.
  @Override
  public void destroy(ChannelSession channel) {
    gone = true;
    interrupt();
    if (thread != null) {
      thread.interrupt();
    }
    if (listener != null) {
      listener.interrupt();
    }
  }

  private void interrupt() {
    if (shell != null) {
      shell.interrupt();
    }
  }

  private void run(PracticeShell running, @Nullable Terminal terminal) {
    int status = 1;
    try {
      if (commandLine != null) {
        status = command(running, commandLine, terminal);
      } else if (terminal != null) {
        status = interactive(running, terminal);
      } else {
        status = script(running);
      }
    } catch (IOException e) {
      LOG.debug("a practice channel ended", e);
    } catch (RuntimeException e) {
      LOG.warn("a practice channel failed", e);
    }
    if (exit != null) {
      exit.onExit(status);
    }
  }

  private int command(PracticeShell running, String line, @Nullable Terminal terminal)
      throws IOException {
    int status;
    if (terminal == null) {
      status = running.run(line, in, out, err);
    } else {
      terminal.cooked(running::interrupt);
      status = running.run(line, terminal.input(), terminal.output(), terminal.output());
    }
    return running.exitStatus().orElse(status);
  }

  private int interactive(PracticeShell running, Terminal terminal) throws IOException {
    LineEditor editor =
        new LineEditor(
            terminal,
            running::complete,
            options.limits().shell().maxLineChars(),
            options.limits().shell().maxHistoryLines());
    terminal.show(running.message("welcome").replace("\n", "\r\n") + "\r\n\r\n");
    while (running.exitStatus().isEmpty() && !gone) {
      terminal.raw();
      running.goOn();
      Optional<String> line = editor.readLine(running.prompt());
      if (line.isEmpty()) {
        return running.lastStatus();
      }
      running.history(editor.history());
      command(running, line.get(), terminal);
    }
    return running.exitStatus().orElse(0);
  }

  /// A shell without a terminal runs the lines that come on its input, as `ssh host < script` does.
  private int script(PracticeShell running) throws IOException {
    int max = options.limits().shell().maxLineChars();
    StringBuilder line = new StringBuilder();
    LineBytes bytes = new LineBytes(in, max);
    while (running.exitStatus().isEmpty() && !gone && bytes.next(line)) {
      running.run(line.toString(), in, out, err);
      line.setLength(0);
    }
    return running.exitStatus().orElse(running.lastStatus());
  }

  private @Nullable Terminal terminal(Environment environment) {
    // Without a pty request there is no TERM of the server's making.
    boolean requested =
        environment.getEnv().containsKey(Environment.ENV_COLUMNS)
            || !environment.getPtyModes().isEmpty();
    return requested ? new Terminal(in, out, columns(environment), rows(environment)) : null;
  }

  private static int columns(Environment environment) {
    return number(environment.getEnv().get(Environment.ENV_COLUMNS));
  }

  private static int rows(Environment environment) {
    return number(environment.getEnv().get(Environment.ENV_LINES));
  }

  private static int number(@Nullable String text) {
    return text != null && text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
  }

  /// What of the client's environment a shell keeps.
  private static Map<String, String> kept(Map<String, String> sent) {
    Map<String, String> kept = new HashMap<>();
    sent.forEach(
        (name, value) -> {
          boolean known =
              name.equals("TERM") || name.equals("LANG") || name.matches("LC_[A-Z]{1,20}");
          if (known && value.length() <= MAX_ENVIRONMENT_CHARS) {
            kept.put(name, value);
          }
        });
    return kept;
  }
}
