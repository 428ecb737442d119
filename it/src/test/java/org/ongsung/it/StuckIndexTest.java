package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.Folders;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.Program;
import org.ongsung.testkit.RunningProgram;
import org.ongsung.testkit.SshKey;
import tools.jackson.databind.JsonNode;

/// An index of transcripts that stands still or fails: sessions begin, go on and are recorded all
/// the same, searches say that they cannot be answered, and later everything is found.
class StuckIndexTest {
  private static final String WHERE = "alice+web-1@127.0.0.1";
  private static final String SHOWN = "meanwhile-42";

  private OpenSshServer sshd;
  private Installation gate;
  private SshKey key;
  private Path index;

  @BeforeEach
  void stopBeforeTheIndexIsTouched() throws IOException {
    sshd = OpenSshServer.builder().start();
    gate = Installation.start();
    key = gate.key("alice", "ed25519");
    gate.apply(
        """
        users:
          - name: alice
            roles: [user]
            publicKeys: ["%s"]
        targets:
        %s
        grants:
          - name: alice-on-web
            who: {users: [alice]}
            where: {targets: [web-1]}
            as: [worker]
            may: [shell, exec]
        """
            .formatted(key.publicLine(), Installation.target("web-1", sshd)));
    gate.awaitSearch();
    gate.stop();
    index = gate.data().resolve("transcript-index");
    Folders.delete(index);
    Files.createDirectory(index);
  }

  @AfterEach
  void stop() {
    gate.close();
    sshd.close();
  }

  @Test
  void anIndexThatStandsStillHoldsNoSessionBackAndFindsAllOfItLater() {
    // Whoever opens a pipe to read waits for somebody who writes.
    Path position = index.resolve("position");
    Program.of("/usr/bin/mkfifo", position.toString()).run().expectSuccess();
    gate.serve();
    assertSessionsGoOn();
    Program.of("/bin/sh", "-c", "echo '1 0 0' > \"$1\"", "sh", position.toString())
        .run()
        .expectSuccess();
    assertFound();
  }

  @Test
  void anIndexThatFailsHoldsNoSessionBackAndFindsAllOfItLater() throws IOException {
    Files.writeString(index.resolve("position"), "1 0 0\n");
    Path odd = Files.createDirectory(index.resolve("no month"));
    gate.serve();
    assertSessionsGoOn();
    Files.delete(odd);
    assertFound();
  }

  /// A shell of some length and a command beside it.
  private void assertSessionsGoOn() {
    try (RunningProgram shell = gate.client(key).sshOnTerminal("-tt", WHERE).start()) {
      shell.type("seq -f 'row-%05g' 1 20000\n").awaitOutput("row-20000", Deadlines.ACTION);
      gate.client(key).ssh(WHERE, "echo beside").run().expectSuccess();
      CompletedProgram search = gate.program("search", "row").run();
      assertThat(search.exit()).as(search.stdout()).isNotZero();
      assertThat(search.stdout()).doesNotContain("row-");
      shell.type("echo mean''while-$((40+2)); exit\n").awaitOutput(SHOWN, Deadlines.ACTION);
      shell.await(Deadlines.ACTION);
    }
    Deadlines.await("all have ended", () -> gate.sessions("state=live").isEmpty());
    List<JsonNode> ended = gate.sessions("state=ended");
    assertThat(ended).as("none failed or was ended").hasSize(2);
    String shell = ended.getLast().path("id").asString("");
    assertThat(gate.ongsung("replay", shell, "--no-timing")).contains("row-20000", SHOWN);
  }

  private void assertFound() {
    gate.awaitSearch();
    Deadlines.await("the last line is found", () -> isFound(SHOWN));
    assertThat(isFound("row-20000")).isTrue();
    Deadlines.await("the command is found", () -> isFound("echo beside"));
  }

  private boolean isFound(String words) {
    return !gate.json("search", words).path("lines").isEmpty();
  }
}
