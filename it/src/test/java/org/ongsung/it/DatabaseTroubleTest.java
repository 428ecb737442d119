package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.Program;
import org.ongsung.testkit.RunningProgram;
import org.ongsung.testkit.SshKey;
import org.ongsung.testkit.TemporaryPostgres;

/// A database that is locked or gone for a while: nothing goes on unrecorded, people are told, and
/// all works again afterwards.
class DatabaseTroubleTest {
  private static final String WHERE = "alice+web-1@127.0.0.1";

  /// Who cannot be put into the ledger is not logged in.
  private static final String NO_LOGIN = "the login could not be completed";

  /// Takes the write lock of each file it is given, and lets go at a line of input.
  private static final String LOCKER =
      """
      import sqlite3, sys
      connections = [sqlite3.connect(file, isolation_level=None, timeout=60) for file in sys.argv[1:]]
      for connection in connections:
          connection.execute('begin immediate')
      print('locked', flush=True)
      sys.stdin.readline()
      """;

  @Test
  void whileItsFilesAreLockedNothingStartsAndAfterwardsAllWorks() {
    try (OpenSshServer sshd = OpenSshServer.builder().start();
        Installation gate = Installation.start()) {
      SshKey key = letAliceIn(gate, sshd);
      try (RunningProgram locker =
          Program.of("/usr/bin/python3", "-c", LOCKER)
              .and(gate.data().resolve("ongsung.db").toString())
              .start()
              .awaitOutput("locked", Deadlines.SERVICE)) {
        assertRefused(gate, key, "This gateway cannot record sessions at the moment");
        locker.type("\n").await(Deadlines.ACTION);
      }
      assertWorks(gate, key);
      try (RunningProgram locker =
          Program.of("/usr/bin/python3", "-c", LOCKER)
              .and(gate.data().resolve("ledger.db").toString())
              .start()
              .awaitOutput("locked", Deadlines.SERVICE)) {
        assertRefused(gate, key, NO_LOGIN);
        locker.type("\n").await(Deadlines.ACTION);
      }
      assertWorks(gate, key);
    }
  }

  @Test
  @Tag("long")
  void whilePostgresIsStoppedNothingStartsAndAfterwardsAllWorks() {
    try (TemporaryPostgres postgres = TemporaryPostgres.start(false);
        OpenSshServer sshd = OpenSshServer.builder().start()) {
      TemporaryPostgres.Database database = postgres.newDatabase();
      try (Installation gate =
          Installation.prepared(
              "database:",
              "  url: " + database.url(),
              "  user: " + database.user(),
              "  passwordFile: database-password")) {
        gate.write("database-password", database.password() + "\n");
        gate.serve();
        SshKey key = letAliceIn(gate, sshd);
        try (RunningProgram shell = gate.client(key).sshOnTerminal("-tt", WHERE).start()) {
          shell.type("echo open-$((40+2))\n").awaitOutput("open-42", Deadlines.ACTION);
          postgres.stopServer();
          assertRefused(gate, key, NO_LOGIN);
          postgres.startServer();
          Deadlines.await(
              "a session starts again",
              () -> gate.client(key).ssh(WHERE, "true").run().exit() == 0);
          shell.type("echo still-$((40+2)); exit\n");
          assertThat(shell.await(Deadlines.ACTION).stdout()).contains("still-42");
        }
        assertWorks(gate, key);
        Deadlines.await("no session is left open", () -> gate.sessions("state=live").isEmpty());
      }
    }
  }

  private static void assertRefused(Installation gate, SshKey key, String told) {
    CompletedProgram refused =
        gate.client(key).ssh(WHERE, "echo done-$((40+2))").within(Deadlines.SERVICE).run();
    assertThat(refused.exit()).isEqualTo(255);
    assertThat(refused.stdout()).isEmpty();
    assertThat(refused.stderr()).contains(told).doesNotContain("Exception").doesNotContain("SQL");
  }

  private static void assertWorks(Installation gate, SshKey key) {
    gate.client(key).ssh(WHERE, "true").run().expectSuccess();
    Deadlines.await("nothing waits to be written", () -> gate.metric("ongsung_late_writes") == 0);
  }

  private static SshKey letAliceIn(Installation gate, OpenSshServer sshd) {
    SshKey key = gate.key("alice", "ed25519");
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
    gate.client(key).ssh(WHERE, "true").run().expectSuccess();
    return key;
  }
}
