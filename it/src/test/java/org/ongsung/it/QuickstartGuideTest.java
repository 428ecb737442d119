package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.Ports;
import org.ongsung.testkit.Program;

@DisplayName("The quick start, command by command, against a real sshd")
class QuickstartGuideTest {
  private static final Path ROOT = Path.of(System.getProperty("ongsung.root", ".."));
  private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
  private static final Duration LONGEST = Duration.ofMinutes(10);

  @TempDir Path folder;

  @Test
  void everyCommandOfTheGuideWorksAsWritten() throws IOException {
    try (OpenSshServer target = OpenSshServer.builder().start()) {
      String script = script(target);
      CompletedProgram done =
          Program.of("bash", "-c", script)
              .in(folder)
              .environment("PATH", launcher() + ":" + System.getenv("PATH"))
              .environment("HOME", folder.toString())
              .within(LONGEST)
              .run()
              .expectSuccess();
      assertThat(done.stdout())
          .contains("+ user alice")
          .contains("applied: ")
          .contains("hello from a terminal")
          .contains("session.start")
          .contains("Linux")
          .contains("before-the-holidays.tar.gz");
    }
  }

  private String script(OpenSshServer target) throws IOException {
    StringBuilder script =
        new StringBuilder("set -eu -o pipefail\ntrap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n");
    Matcher blocks = BLOCK.matcher(Files.readString(ROOT.resolve("docs/guide/quickstart.md")));
    while (blocks.find()) {
      script.append(blocks.group(1));
    }
    return script
        .toString()
        .replace(
            "ssh-copy-id -i keys/web-1.pub root@web-1.example.com",
            "cat keys/web-1.pub >> '" + target.folder() + "/authorized_keys'")
        .replace("web-1.example.com:22", target.address())
        .replace(
            "      - name: root\n", "      - name: root\n        login: " + target.user() + "\n")
        .replace("127.0.0.1:2222", "127.0.0.1:" + sshPort)
        .replace("Port 2222", "Port " + sshPort)
        .replace("127.0.0.1:8022", "127.0.0.1:" + Ports.free());
  }

  private final int sshPort = Ports.free();

  /// A folder with `ongsung` as the launcher would run it, without building anything.
  private Path launcher() throws IOException {
    Path bin = Files.createDirectory(folder.resolve("bin"));
    Path program = bin.resolve("ongsung");
    Files.writeString(
        program,
        "#!/bin/sh\nexec '"
            + Path.of(System.getProperty("java.home"), "bin", "java")
            + "' -XX:+UseCompactObjectHeaders --enable-native-access=ALL-UNNAMED -Xmx256m -jar '"
            + ROOT.resolve("server/target/ongsung-server.jar").toAbsolutePath()
            + "' \"$@\"\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    return bin;
  }
}
