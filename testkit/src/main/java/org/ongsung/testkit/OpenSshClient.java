package org.ongsung.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The OpenSSH client programs with a configuration of the test's own, so that nothing of the
/// account's `~/.ssh` is read or written. No agent, no questions: what would ask fails.
///
/// Host keys are checked against the lines given; a host without a line is refused.
public final class OpenSshClient {
  private final Path folder;
  private final Path config;
  private final Path knownHosts;

  /// A client whose files stand in `folder`, which the caller deletes.
  public OpenSshClient(Path folder) {
    this.folder = folder;
    this.config = folder.resolve("ssh_config");
    this.knownHosts = folder.resolve("known_hosts");
    try {
      Files.writeString(knownHosts, "");
      write(List.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Adds lines of `ssh_config`, which win over the usual ones; replaces those of an earlier call.
  public OpenSshClient configure(String... lines) {
    try {
      write(List.of(lines));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Knows the server on this loopback port by this public key line.
  public OpenSshClient trust(int port, String publicLine) {
    try {
      Files.writeString(
          knownHosts,
          Files.readString(knownHosts) + "[127.0.0.1]:" + port + " " + publicLine + "\n");
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The known_hosts file.
  public Path knownHosts() {
    return knownHosts;
  }

  /// The configuration file, for programs that call ssh by themselves (`-F`).
  public Path config() {
    return config;
  }

  /// `ssh -F …` with these arguments.
  public Program ssh(String... arguments) {
    return program("ssh", arguments);
  }

  /// `sftp -F …` with these arguments.
  public Program sftp(String... arguments) {
    return program("sftp", arguments);
  }

  /// `scp -F …` with these arguments.
  public Program scp(String... arguments) {
    return program("scp", arguments);
  }

  /// `ssh -F …` on a terminal of its own, 80 by 24, that `script` makes. What is typed is written
  /// to the program's input; what the terminal shows comes from its output.
  public Program sshOnTerminal(String... arguments) {
    List<String> words =
        new ArrayList<>(
            List.of("stty rows 24 cols 80;", "exec", "ssh", "-F", quoted(config.toString())));
    for (String argument : arguments) {
      words.add(quoted(argument));
    }
    return Program.of("script", "-q", "-e", "-f", "-c", String.join(" ", words), "/dev/null")
        .in(folder)
        .environment("SHELL", "/bin/sh");
  }

  private Program program(String name, String... arguments) {
    return Program.of(name, "-F", config.toString()).and(arguments).in(folder);
  }

  private void write(List<String> first) throws IOException {
    List<String> lines = new ArrayList<>(first);
    lines.addAll(
        List.of(
            "UserKnownHostsFile " + knownHosts,
            "GlobalKnownHostsFile /dev/null",
            "StrictHostKeyChecking yes",
            "IdentitiesOnly yes",
            "IdentityAgent none",
            "BatchMode yes",
            "CanonicalizeHostname no"));
    Files.write(config, lines);
  }

  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }
}
