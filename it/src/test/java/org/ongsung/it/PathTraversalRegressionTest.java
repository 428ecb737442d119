package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.Folders;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.SshKey;
import tools.jackson.databind.JsonNode;

/// File names that climb, break lines, command a terminal or turn the reading direction: data in
/// the record, and nothing else anywhere.
class PathTraversalRegressionTest {
  private static final String WHERE = "alice+web-1@127.0.0.1";
  private static final String NAME = "x\nsession.end\u001b]0;t\u0007\u009b2J\u202egpj.<b>";

  private static OpenSshServer sshd;
  private static Installation gate;
  private static SshKey key;

  @BeforeAll
  static void startEverything() {
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
            may: [exec, sftp]
        """
            .formatted(key.publicLine(), Installation.target("web-1", sshd)));
  }

  @AfterAll
  static void stopEverything() {
    gate.close();
    sshd.close();
  }

  @Test
  void aFileNameIsShownInEveryViewAndObeyedInNone() throws IOException {
    Path here = Files.writeString(gate.folder().resolve("here"), "content");
    Path folder = Files.createDirectories(gate.folder().resolve("there/deep"));
    String there = folder + "/../" + NAME;
    gate.client(key).scp("-s", here.toString(), WHERE + ":" + there).run().expectSuccess();
    assertThat(folder.resolveSibling(NAME)).hasContent("content");
    Deadlines.await(
        "the session has ended", () -> !gate.sessions("state=ended&kind=sftp").isEmpty());
    String id = gate.sessions("state=ended&kind=sftp").getFirst().path("id").asString("");

    JsonNode files = gate.json("session", "show", id).path("files");
    assertThat(files.findValuesAsString("path")).contains(there);
    List<String> printed =
        List.of(
            gate.ongsung("session", "show", id),
            gate.ongsung("--output", "json", "session", "show", id),
            gate.ongsung("ledger", "list", "--session", id),
            gate.ongsung("--output", "json", "ledger", "list", "--session", id),
            gate.ongsung("ledger", "export", "--session", id));
    for (String text : printed) {
      assertThat(text.replace("\n", "")).doesNotContainPattern("[\\p{Cc}\\u202e]");
      assertThat(text.lines()).noneMatch(line -> line.startsWith("session.end"));
    }
    assertThat(printed.getFirst()).contains("<U+1b>]0;t");
    String page = gate.text("/sessions/" + id);
    assertThat(page)
        .contains("&lt;U+1b&gt;]0;t")
        .doesNotContain("gpj.<b>")
        .doesNotContain("\u202e");

    assertThat(Folders.files(gate.data()))
        .isNotEmpty()
        .noneMatch(path -> path.toString().contains("gpj"));
  }
}
