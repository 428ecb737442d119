package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.SshKey;

/// A backup of a gateway that runs, put into an empty folder: the same people reach the same
/// targets, and the past is there.
class BackupTest {
  private static final String WHERE = "alice+web-1@127.0.0.1";

  @Test
  void aBackupMadeWhileServingServesAgainElsewhere() {
    try (OpenSshServer sshd = OpenSshServer.builder().start();
        Installation first = Installation.start();
        Installation second = Installation.prepared()) {
      SshKey key = first.key("alice", "ed25519");
      first.apply(access(sshd, key));
      assertThat(first.client(key).ssh(WHERE, "echo before").run().expectSuccess().stdout())
          .isEqualTo("before\n");
      Deadlines.await("the session has ended", () -> !first.sessions("state=ended").isEmpty());
      String id = first.sessions("").getFirst().path("id").asString("");
      String recording = first.ongsung("replay", id, "--raw");
      assertThat(recording).isNotEmpty();
      String hostKey = first.hostKey();

      Path backup = second.folder().resolve("backup.tar.gz");
      first.ongsung("backup", backup.toString());
      assertThat(first.program("backup", backup.toString()).run().expectExit(1).stderr())
          .contains("already");
      second.ongsung("restore", backup.toString());
      second.serve();

      assertThat(second.hostKey()).isEqualTo(hostKey);
      assertThat(second.client(key).ssh(WHERE, "echo after").run().expectSuccess().stdout())
          .isEqualTo("after\n");
      assertThat(second.ledger("session=" + id)).isNotEmpty();
      assertThat(second.ledger("code=backup.restored")).hasSize(1);
      assertThat(second.ongsung("replay", id, "--raw")).isEqualTo(recording);
    }
  }

  private static String access(OpenSshServer sshd, SshKey key) {
    return """
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
            may: [exec]
        """
        .formatted(key.publicLine(), Installation.target("web-1", sshd));
  }
}
