package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.Program;
import org.ongsung.testkit.SshKey;

/// A data folder on a small file system that fills up; needs an account that may mount one.
class DiskFullTest {
  private static final String WHERE = "alice+web-1@127.0.0.1";
  private static final int FILLING_BYTES = 44 << 20;

  @Test
  void sessionsAreRefusedWhileAdministratorsLogInAndThereIsRoomAgainAfterwards()
      throws IOException {
    try (OpenSshServer sshd = OpenSshServer.builder().start();
        Installation gate = Installation.prepared("recording:", "  freeSpace: 32MiB")) {
      Files.createDirectory(gate.data());
      CompletedProgram mounted =
          Program.of("mount", "-t", "tmpfs", "-o", "size=64m,mode=700", "none")
              .and(gate.data().toString())
              .run();
      assumeThat(mounted.exit()).as("may mount: " + mounted.stderr()).isZero();
      try {
        refusesWhileFull(gate, sshd);
      } finally {
        gate.stop();
        Program.of("umount", gate.data().toString()).run();
      }
    }
  }

  private static void refusesWhileFull(Installation gate, OpenSshServer sshd) throws IOException {
    Files.setPosixFilePermissions(gate.data(), PosixFilePermissions.fromString("rwx------"));
    gate.serve();
    SshKey key = gate.key("alice", "ed25519");
    gate.apply(access(sshd, key));
    gate.client(key).ssh(WHERE, "true").run().expectSuccess();

    Path filling = Files.write(gate.data().resolve("filling"), new byte[FILLING_BYTES]);
    Deadlines.await("low space is noticed", () -> !gate.ledger("code=storage.low").isEmpty());
    CompletedProgram refused = gate.client(key).ssh(WHERE, "true").run();
    assertThat(refused.exit()).isEqualTo(255);
    assertThat(refused.stderr()).contains("space");
    String password = Files.readString(gate.data().resolve("admin-password")).strip();
    assertThat(gate.logIn("admin", password)).isEqualTo(200);

    Files.delete(filling);
    Deadlines.await("room is noticed", () -> !gate.ledger("code=storage.ok").isEmpty());
    gate.client(key).ssh(WHERE, "true").run().expectSuccess();
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
