package org.ongsung.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// Debian's telnetd (inetutils), started by socat for each connection, with a login of its own: the
/// name is [#LOGIN], the password [#PASSWORD], and what follows is a bash.
public final class TelnetServer implements AutoCloseable {
  public static final String LOGIN = "operator";
  public static final String PASSWORD = "tel-Net 4711";

  private final Path folder = Folders.temporary("ongsung-telnetd");
  private final int port = Ports.free();
  private final RunningProgram socat;

  private TelnetServer() {
    Path login = write();
    socat =
        Program.of(
                "socat",
                "TCP-LISTEN:" + port + ",bind=127.0.0.1,fork,reuseaddr",
                "EXEC:telnetd -E " + login + ",nofork")
            .start();
    Ports.awaitListening(port, Deadlines.ACTION);
  }

  /// Starts one on a free port of the loopback interface.
  public static TelnetServer start() {
    return new TelnetServer();
  }

  private Path write() {
    try {
      Path login = folder.resolve("login.sh");
      Files.writeString(
          login,
          """
          #!/bin/bash
          stty sane
          while :; do
            IFS= read -r -p 'lab login: ' name || exit 1
            stty -echo
            IFS= read -r -p 'Password: ' word
            stty echo
            echo
            [ "$name" = '%s' ] && [ "$word" = '%s' ] && break
            sleep 0.2
            echo 'Login incorrect'
          done
          echo "Welcome to the lab, $name"
          PS1='lab$ ' exec bash --norc --noprofile -i
          """
              .formatted(LOGIN, PASSWORD));
      Files.setPosixFilePermissions(login, PosixFilePermissions.fromString("rwx------"));
      return login;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// `127.0.0.1:port`, as targets name it.
  public String address() {
    return "127.0.0.1:" + port;
  }

  public int port() {
    return port;
  }

  @Override
  public void close() {
    socat.close();
    Folders.delete(folder);
  }
}
