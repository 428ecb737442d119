package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.OpenSshClient;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.Program;
import org.ongsung.testkit.RunningProgram;
import org.ongsung.testkit.SshKey;

/// A folder of the target mounted through the gateway.
@EnabledIf("fuseIsThere")
class SshfsTest {
  @TempDir Path work;

  static boolean fuseIsThere() {
    return Files.isWritable(Path.of("/dev/fuse"));
  }

  @Test
  void aMountedFolderIsWrittenReadAndListed() throws IOException {
    try (OpenSshServer sshd = OpenSshServer.builder().start();
        Installation gate = Installation.start()) {
      SshKey key = gate.key("alice", "ed25519");
      gate.apply(access(sshd, key));
      Path there = Files.createDirectory(work.resolve("there"));
      Path here = Files.createDirectory(work.resolve("here"));
      try (RunningProgram mount = mount(gate.client(key), there, here)) {
        try {
          byte[] content = new byte[700_001];
          new Random(11).nextBytes(content);
          Files.write(here.resolve("파일"), content);
          assertThat(there.resolve("파일")).hasBinaryContent(content);
          assertThat(here.resolve("파일")).hasBinaryContent(content);
          Files.move(here.resolve("파일"), here.resolve("renamed"));
          assertThat(there.resolve("renamed")).exists();
          Files.delete(here.resolve("renamed"));
          assertThat(there).isEmptyDirectory();
        } finally {
          Program.of("fusermount3", "-u", here.toString()).run().expectSuccess();
        }
        mount.await(Deadlines.ACTION);
      }
      Deadlines.await("the session has ended", () -> !gate.sessions("state=ended").isEmpty());
      String id = gate.sessions("").getFirst().path("id").asString("");
      assertThat(gate.ledger("code=file.operation&session=" + id))
          .extracting(event -> event.path("details").path("operation").asString(""))
          .contains("rename", "remove");
    }
  }

  private static RunningProgram mount(OpenSshClient client, Path there, Path here) {
    RunningProgram mount =
        Program.of("sshfs", "-f", "-F", client.config().toString())
            .and("alice+web-1@127.0.0.1:" + there, here.toString())
            .start();
    Deadlines.await(
        "the folder is mounted",
        () -> {
          if (!mount.alive()) {
            throw new IllegalStateException(mount.await(Deadlines.ACTION).toString());
          }
          return Files.readString(Path.of("/proc/self/mounts")).contains(" " + here + " ");
        });
    return mount;
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
            may: [sftp]
        """
        .formatted(key.publicLine(), Installation.target("web-1", sshd));
  }
}
