package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.Folders;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.SshKey;
import org.ongsung.testkit.TemporaryPostgres;

/// The same product with its database in PostgreSQL.
class PostgresInstallationTest {
  private static final String WHERE = "alice+web-1@127.0.0.1";

  @Test
  void aCommandIsRunRecordedAndListed() {
    try (OpenSshServer sshd = OpenSshServer.builder().start();
        Installation gate = onEmptyPostgres()) {
      gate.serve();
      SshKey key = gate.key("alice", "ed25519");
      gate.apply(access(sshd, key));
      assertThat(gate.client(key).ssh(WHERE, "echo over PostgreSQL").run().expectSuccess().stdout())
          .isEqualTo("over PostgreSQL\n");

      Deadlines.await("the session has ended", () -> !gate.sessions("state=ended").isEmpty());
      String id = gate.json("session", "list").path("sessions").path(0).path("id").asString("");
      assertThat(gate.ongsung("replay", id, "--raw")).isNotEmpty();
      assertThat(gate.ledger("session=" + id))
          .extracting(event -> event.path("code").asString(""))
          .contains("session.start", "channel.open", "channel.close", "session.end");
      assertThat(gate.data().resolve("ongsung.db")).doesNotExist();
    }
  }

  @Test
  @Tag("long")
  void aBackupOfItServesAgainOnPostgresAndOnAnEmbeddedDatabase() {
    try (OpenSshServer sshd = OpenSshServer.builder().start();
        Installation first = onEmptyPostgres();
        Installation onPostgres = onEmptyPostgres();
        Installation embedded = Installation.prepared()) {
      first.serve();
      SshKey key = first.key("alice", "ed25519");
      first.apply(access(sshd, key));
      Past past = work(first, key);

      Path online = first.folder().resolve("online.tar.gz");
      first.ongsung("backup", online.toString());
      first.server().signal("TERM");
      first.server().await(Deadlines.SERVICE).expectSuccess();
      Path offline = first.folder().resolve("offline.tar.gz");
      first.ongsung("backup", offline.toString());
      assertThat(first.program("restore", offline.toString()).run().expectExit(1).stderr())
          .contains("not empty");

      restored(onPostgres, online, past, key);
      assertThat(onPostgres.data().resolve("ongsung.db")).doesNotExist();
      onPostgres.stop();
      Folders.delete(onPostgres.data());
      assertThat(onPostgres.program("restore", online.toString()).run().expectExit(1).stderr())
          .contains("restore into an empty one");
      assertThat(onPostgres.data()).doesNotExist();

      restored(embedded, offline, past, key);
      assertThat(embedded.data().resolve("ongsung.db")).exists();
    }
  }

  /// What a restored gateway must still know.
  private record Past(String session, String recording, String hostKey, int events) {}

  private static Past work(Installation gate, SshKey key) {
    gate.client(key).ssh(WHERE, "echo before").run().expectSuccess();
    Deadlines.await("the session has ended", () -> !gate.sessions("state=ended").isEmpty());
    String id = gate.sessions("").getFirst().path("id").asString("");
    String recording = gate.ongsung("replay", id, "--raw");
    assertThat(recording).isNotEmpty();
    return new Past(id, recording, gate.hostKey(), gate.ledger("session=" + id).size());
  }

  private static void restored(Installation gate, Path backup, Past past, SshKey key) {
    gate.ongsung("restore", backup.toString());
    gate.serve();
    assertThat(gate.hostKey()).isEqualTo(past.hostKey());
    assertThat(gate.client(key).ssh(WHERE, "echo after").run().expectSuccess().stdout())
        .as("the target's key was sealed, and can be opened")
        .isEqualTo("after\n");
    assertThat(gate.ledger("session=" + past.session()))
        .hasSizeGreaterThanOrEqualTo(past.events()); // each reading is told too
    assertThat(gate.ledger("code=backup.restored")).isNotEmpty();
    assertThat(gate.ongsung("replay", past.session(), "--raw")).isEqualTo(past.recording());
  }

  private static Installation onEmptyPostgres() {
    TemporaryPostgres.Database database = TemporaryPostgres.shared().newDatabase();
    Installation gate =
        Installation.prepared(
            "database:",
            "  url: " + database.url(),
            "  user: " + database.user(),
            "  passwordFile: database-password",
            "  connections: 4");
    gate.write("database-password", database.password() + "\n");
    return gate;
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
