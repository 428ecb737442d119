package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.Program;
import org.ongsung.testkit.RunningProgram;
import org.ongsung.testkit.SshKey;

/// A data folder on a small file system that fills up; needs an account that may mount one.
class DiskFullTest {
  private static final String WHERE = "alice+web-1@127.0.0.1";
  private static final int FILLING_BYTES = 64 << 20;
  private static final long RESERVE_BYTES = 8 << 20;

  @Test
  @Tag("long")
  void sessionsAreRefusedWhileAdministratorsLogInAndThereIsRoomAgainAfterwards()
      throws IOException {
    onASmallDisk(
        (gate, key) -> {
          String password = refusesWhileFull(gate, key);
          endsSessionsAndLetsAdministratorsInWithNothingLeft(gate, key, password);
        });
  }

  @Test
  @Tag("long")
  void aGatewayStartsOnAFullDiskAndLetsAdministratorsIn() throws IOException {
    onASmallDisk(
        (gate, key) -> {
          Path reserve = gate.data().resolve("reserve");
          Deadlines.await("the reserve is there", () -> sizeOf(reserve) == RESERVE_BYTES);
          String password = Files.readString(gate.data().resolve("admin-password")).strip();
          gate.stop();
          fill(gate.data().resolve("filling"));
          gate.serve();
          letsAdministratorsInAlone(gate, key, password);
        });
  }

  private interface Trial {
    void run(Installation gate, SshKey key) throws IOException;
  }

  private static void onASmallDisk(Trial trial) throws IOException {
    try (OpenSshServer sshd = OpenSshServer.builder().start();
        Installation gate = Installation.prepared("recording:", "  freeSpace: 32MiB")) {
      Files.createDirectory(gate.data());
      CompletedProgram mounted =
          Program.of("mount", "-t", "tmpfs", "-o", "size=96m,mode=700", "none")
              .and(gate.data().toString())
              .run();
      assumeThat(mounted.exit()).as("may mount: " + mounted.stderr()).isZero();
      try {
        Files.setPosixFilePermissions(gate.data(), PosixFilePermissions.fromString("rwx------"));
        gate.serve();
        SshKey key = gate.key("alice", "ed25519");
        gate.apply(access(sshd, key));
        trial.run(gate, key);
      } finally {
        gate.stop();
        Program.of("umount", gate.data().toString()).run();
      }
    }
  }

  private static String refusesWhileFull(Installation gate, SshKey key) throws IOException {
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
    return password;
  }

  /// To the last byte: what runs ends, what an administrator needs is written into what the gateway
  /// has kept, and room brings everything back.
  private static void endsSessionsAndLetsAdministratorsInWithNothingLeft(
      Installation gate, SshKey key, String password) throws IOException {
    Path reserve = gate.data().resolve("reserve");
    Deadlines.await("the reserve is there", () -> sizeOf(reserve) == RESERVE_BYTES);
    Path filling = gate.data().resolve("filling");
    String id = fillUnderAShell(gate, key, filling);
    letsAdministratorsInAlone(gate, key, password);

    Files.delete(filling);
    Deadlines.await("the reserve is whole again", () -> sizeOf(reserve) == RESERVE_BYTES);
    Deadlines.await("sessions start", () -> gate.client(key).ssh(WHERE, "true").run().exit() == 0);
    Deadlines.await(
        "the shell's end is listed",
        () -> gate.api("GET", "/api/v1/sessions/" + id, "").path("session").has("endedAt"));
  }

  private static void letsAdministratorsInAlone(Installation gate, SshKey key, String password) {
    Deadlines.await("an administrator logs in", () -> gate.logIn("admin", password) == 200);
    assertThat(sizeOf(gate.data().resolve("reserve"))).isLessThan(RESERVE_BYTES);
    assertThat(gate.client(key).ssh(WHERE, "true").run().exit()).isEqualTo(255);
    assertThat(Cli.of(gate).done("job", "run", "purge", "keepDays=1", "--wait")).contains(" done ");
    assertThat(gate.ledger("code=job.submitted").toString()).contains("purge");
  }

  private static String fillUnderAShell(Installation gate, SshKey key, Path filling)
      throws IOException {
    try (RunningProgram shell = gate.client(key).sshOnTerminal("-tt", WHERE).start()) {
      shell.type("echo open-$((40+2))\n").awaitOutput("open-42", Deadlines.ACTION);
      String id = gate.sessions("state=live").getFirst().path("id").asString("");
      fill(filling);
      CompletedProgram ended = shell.await(Deadlines.ACTION);
      assertThat(ended.exit()).isNotZero();
      assertThat(ended.stdout()).containsAnyOf("no space left", "can no longer be recorded");
      return id;
    }
  }

  private static long sizeOf(Path file) {
    try {
      return Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Takes what is left of the file system, to its last byte.
  private static void fill(Path file) throws IOException {
    try (OutputStream out =
        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      byte[] page = new byte[4_096];
      while (Files.getFileStore(file).getUsableSpace() > 0) {
        out.write(page);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
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
            may: [shell, exec]
        """
        .formatted(key.publicLine(), Installation.target("web-1", sshd));
  }
}
