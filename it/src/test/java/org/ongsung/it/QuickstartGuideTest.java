package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.Ports;

@DisplayName("The quick start, command by command, against a real sshd")
class QuickstartGuideTest {
  @TempDir Path folder;

  private final int sshPort = Ports.free();

  @Test
  void everyCommandOfTheGuideWorksAsWritten() throws IOException {
    try (OpenSshServer target = OpenSshServer.builder().start()) {
      GuideScript script =
          GuideScript.of("docs/guide/quickstart.md", folder)
              .replacing(
                  "ssh-copy-id -i keys/web-1.pub root@web-1.example.com",
                  "cat keys/web-1.pub >> '" + target.folder() + "/authorized_keys'")
              .replacing("web-1.example.com:22", target.address())
              .replacing(
                  "      - name: root\n",
                  "      - name: root\n        login: " + target.user() + "\n")
              .replacing("127.0.0.1:2222", "127.0.0.1:" + sshPort)
              .replacing("Port 2222", "Port " + sshPort);
      assertThat(script.run().stdout())
          .contains("+ user alice")
          .contains("applied: ")
          .contains("hello from a terminal")
          .contains("session.start")
          .contains("Linux")
          .contains("before-the-holidays.tar.gz");
    }
  }
}
