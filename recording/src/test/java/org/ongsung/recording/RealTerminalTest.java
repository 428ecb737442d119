package org.ongsung.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is kept of the input to real programs on a real terminal (that of script(1)), typed key by
/// key.
class RealTerminalTest {
  private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final String SECRET = "Zyxw9876";

  @TempDir Path home;
  private Process terminal;
  private final StringBuilder kept = new StringBuilder();
  private final StringBuilder output = new StringBuilder();
  private final Object lock = new Object();
  private final TypedInput input = new TypedInput(4_096, DEADLINE_NANOS, kept::append);

  private void start(String command) throws IOException {
    Files.writeString(home.resolve("rc"), "PS1='ready$ '\n");
    ProcessBuilder builder = new ProcessBuilder("script", "-qfec", command, "/dev/null");
    builder.environment().put("TERM", "xterm-256color");
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().put("HOME", home.toString());
    builder.environment().put("SHELL", "/bin/bash");
    builder.environment().remove("TMUX");
    builder.directory(home.toFile());
    terminal = builder.redirectErrorStream(true).start();
    Thread.ofVirtual().start(() -> read(terminal.getInputStream()));
  }

  private void read(InputStream in) {
    byte[] buffer = new byte[8_192];
    try {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        synchronized (lock) {
          input.shown(System.nanoTime(), buffer, 0, n);
          output.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
          lock.notifyAll();
        }
      }
    } catch (IOException e) {
      // The terminal is gone, which is how these dialogues end.
    }
  }

  @AfterEach
  void end() throws Exception {
    if (terminal != null) {
      terminal.descendants().forEach(ProcessHandle::destroyForcibly);
      terminal.destroyForcibly().waitFor();
    }
  }

  /// Waits until the output since the last call holds `text`, then until the person has read it.
  private void see(String text) throws InterruptedException {
    long start = System.nanoTime();
    synchronized (lock) {
      while (output.indexOf(text) < 0) {
        assertThat(System.nanoTime() - start)
            .as("%s in %s", text, output)
            .isLessThan(DEADLINE_NANOS);
        lock.wait(100);
      }
      output.setLength(0);
    }
    Thread.sleep(400);
  }

  private void send(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    synchronized (lock) {
      input.typed(System.nanoTime(), bytes, 0, bytes.length);
    }
    terminal.getOutputStream().write(bytes);
    terminal.getOutputStream().flush();
  }

  /// Types key by key; with `echo` it waits for each to be shown.
  private void type(String text, boolean echo) throws Exception {
    for (String key : text.codePoints().mapToObj(Character::toString).toList()) {
      send(key);
      if (echo) {
        seeKey(key);
      } else {
        Thread.sleep(20);
      }
    }
  }

  private void seeKey(String key) throws InterruptedException {
    long start = System.nanoTime();
    synchronized (lock) {
      while (output.indexOf(key) < 0) {
        assertThat(System.nanoTime() - start).isLessThan(DEADLINE_NANOS);
        lock.wait(100);
      }
      output.setLength(0);
    }
  }

  /// Waits until a whole line may be typed unseen on that terminal, as `read -s` has it.
  private static void awaitHidden(String tty) throws Exception {
    long start = System.nanoTime();
    String modes = "";
    while (!modes.contains(" icanon ") || !modes.contains(" -echo ")) {
      assertThat(System.nanoTime() - start).as(modes).isLessThan(DEADLINE_NANOS);
      Thread.sleep(20);
      modes = run("stty", "-F", tty, "-a").replace('\n', ' ');
    }
  }

  /// The terminal on which the program runs.
  private String tty() throws IOException {
    long pid = terminal.children().findFirst().orElseThrow().pid();
    return Files.readSymbolicLink(Path.of("/proc/" + pid + "/fd/0")).toString();
  }

  private static String run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private String kept() {
    synchronized (lock) {
      input.finish();
      return kept.toString();
    }
  }

  @Test
  void commandsToBashAreKeptAndWhatReadTakesSilentlyIsNot() throws Exception {
    start("bash --rcfile rc --noediting -i");
    see("ready$ ");
    type("read -s X; echo got", true);
    send("\r");
    awaitHidden(tty());
    type(SECRET, false);
    send("\r");
    see("got");
    type("echo 한글", true);
    send("\r");
    see("ready$ ");
    assertThat(kept())
        .isEqualTo("read -s X; echo got\r" + TypedInput.MARK + "\recho 한글\r")
        .doesNotContain(SECRET);
  }

  @Test
  void commandsToBashWithLineEditingAreKept() throws Exception {
    start("bash --rcfile rc -i");
    see("ready$ ");
    type("echo one two", true);
    send("\u001b[D");
    send("\u007f");
    Thread.sleep(200);
    type("T", true);
    send("\r");
    see("one tTo");
    type("ech", true);
    send("\t");
    see("o ");
    type("done", true);
    send("\r");
    see("ready$ ");
    assertThat(kept()).isEqualTo("echo one two\u001b[D\u007fT\rech\tdone\r");
  }

  @Test
  void aPasswordPromptOfAProgramIsHidden() throws Exception {
    start("/usr/bin/python3 -c 'import getpass; getpass.getpass(\"Pass: \"); input(\"Name: \")'");
    see("Pass: ");
    type(SECRET, false);
    send("\r");
    see("Name: ");
    type("alice", true);
    send("\r");
    assertThat(kept()).isEqualTo(TypedInput.MARK + "\ralice\r");
  }

  @Test
  void aPasswordPastedTogetherWithItsEnterIsHidden() throws Exception {
    start("/usr/bin/python3 -c 'import getpass; getpass.getpass(\"Pass: \"); input(\"Name: \")'");
    see("Pass: ");
    send(SECRET + "\r");
    see("Name: ");
    type("bob", true);
    send("\r");
    assertThat(kept()).isEqualTo(TypedInput.MARK + "\rbob\r");
  }

  @Test
  void aPasswordTypedInsideTmuxIsHidden() throws Exception {
    String tmux = "ongsung-test-" + ProcessHandle.current().pid();
    start("tmux -L " + tmux + " -f /dev/null new 'bash --rcfile rc -i'");
    see("ready$ ");
    type("read -s X; echo got", true);
    send("\r");
    awaitHidden(run("tmux", "-L", tmux, "display", "-p", "#{pane_tty}").strip());
    type(SECRET, false);
    send("\r");
    see("got");
    type("exit", false);
    Thread.sleep(500);
    send("\r");
    see("exited");
    assertThat(kept()).doesNotContain(SECRET).doesNotContain("Zyx").contains(TypedInput.MARK);
  }

  @Test
  void textTypedIntoVimIsKeptOnlyWhereItIsShown() throws Exception {
    start("vim -Nu NONE -n -i NONE note.txt");
    see("note.txt");
    send("i");
    see("INSERT");
    type("hello", false);
    Thread.sleep(500);
    send("\u001b");
    Thread.sleep(500);
    send(":");
    type("X", false);
    send("\r");
    see("Enter encryption key");
    type(SECRET, false);
    send("\r");
    Thread.sleep(500);
    assertThat(kept()).doesNotContain(SECRET).doesNotContain("Zyx");
  }
}
