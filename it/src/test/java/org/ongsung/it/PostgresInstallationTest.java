package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.SshKey;
import org.ongsung.testkit.TemporaryPostgres;

/// The same product with its database in PostgreSQL.
class PostgresInstallationTest {
  @Test
  void aCommandIsRunRecordedAndListed() {
    TemporaryPostgres.Database database = TemporaryPostgres.shared().newDatabase();
    try (OpenSshServer sshd = OpenSshServer.builder().start();
        Installation gate =
            Installation.prepared(
                "database:",
                "  url: " + database.url(),
                "  user: " + database.user(),
                "  passwordFile: database-password")) {
      gate.write("database-password", database.password() + "\n");
      gate.serve();
      SshKey key = gate.key("alice", "ed25519");
      gate.apply(access(sshd, key));
      assertThat(
              gate.client(key)
                  .ssh("alice+web-1@127.0.0.1", "echo over PostgreSQL")
                  .run()
                  .expectSuccess()
                  .stdout())
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
