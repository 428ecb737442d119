package org.ongsung.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenSshServerTest {
  @TempDir Path folder;

  private OpenSshClient client(OpenSshServer server) {
    return new OpenSshClient(folder)
        .configure("IdentityFile " + server.clientKey().privateKeyFile())
        .trust(server.port(), server.hostKey("ed25519"));
  }

  private static String[] to(OpenSshServer server, String... command) {
    String[] arguments = new String[command.length + 3];
    arguments[0] = "-p";
    arguments[1] = Integer.toString(server.port());
    arguments[2] = server.user() + "@127.0.0.1";
    System.arraycopy(command, 0, arguments, 3, command.length);
    return arguments;
  }

  @Test
  void itRunsCommandsAndGivesTheirOutputErrorAndStatus() {
    try (OpenSshServer server = OpenSshServer.builder().start()) {
      CompletedProgram done =
          client(server).ssh(to(server, "cat; echo err >&2; exit 3")).input("가나다").run();

      assertThat(done.exit()).as("%s%n%s", done, server.log()).isEqualTo(3);
      assertThat(done.stdout()).isEqualTo("가나다");
      assertThat(done.stderr()).isEqualTo("err\n");
    }
  }

  @Test
  void itTransfersFiles() throws Exception {
    try (OpenSshServer server = OpenSshServer.builder().start()) {
      Path file = Files.writeString(folder.resolve("a"), "content");
      client(server)
          .scp("-P", Integer.toString(server.port()))
          .and(file.toString(), server.user() + "@127.0.0.1:" + server.folder().resolve("b"))
          .run()
          .expectSuccess();
      assertThat(server.folder().resolve("b")).hasContent("content");
    }
  }

  @Test
  void aTerminalShowsWhatTheServerWrites() {
    try (OpenSshServer server = OpenSshServer.builder().start();
        RunningProgram terminal =
            client(server).sshOnTerminal(to(server, "-t", "exec sh")).start()) {
      terminal.type("echo $((40 + 2)) $(tty | cut -c1-8); exit 5\r");
      terminal.awaitOutput("42 /dev/pts", Deadlines.ACTION);
      assertThat(terminal.await(Deadlines.ACTION).exit()).isEqualTo(5);
    }
  }

  @Test
  void changedHostKeysAreRefusedByAClientThatKnowsTheOldOnes() {
    try (OpenSshServer server = OpenSshServer.builder().hostKeys("ed25519").start()) {
      OpenSshClient client = client(server);
      client.ssh(to(server, "true")).run().expectSuccess();
      server.changeHostKeys();
      assertThat(client.ssh(to(server, "true")).run().expectExit(255).stderr())
          .contains("REMOTE HOST IDENTIFICATION HAS CHANGED");
    }
  }

  @Test
  void linesOfItsConfigurationWinOverTheUsualOnes() {
    try (OpenSshServer server =
        OpenSshServer.builder().configure("ForceCommand echo forced").start()) {
      assertThat(client(server).ssh(to(server, "id")).run().expectSuccess().stdout())
          .isEqualTo("forced\n");
    }
  }
}
