package org.ongsung.protocols.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ongsung.model.SshPublicKey;
import org.ongsung.testkit.Program;

class SshHostKeysTest {
  @TempDir private Path folder;

  @Test
  void keysAreMadeOnceForTheOwnerAloneAndOpensshReadsThem() throws IOException {
    SshHostKeys made = SshHostKeys.loadOrCreate(folder);
    assertThat(made.publicKeys().stream().map(SshPublicKey::algorithm))
        .containsExactly("ssh-ed25519", "ssh-rsa");
    for (String name : new String[] {"ssh_host_ed25519_key", "ssh_host_rsa_key"}) {
      Path file = folder.resolve(name);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      String derived =
          Program.of("ssh-keygen", "-y", "-f", file.toString()).run().expectSuccess().stdout();
      assertThat(SshPublicKey.parse(derived)).isIn(made.publicKeys());
    }
    assertThat(SshHostKeys.loadOrCreate(folder).publicKeys()).isEqualTo(made.publicKeys());
    assertThat(
            Program.of("ssh-keygen", "-l", "-f", folder.resolve("ssh_host_rsa_key").toString())
                .run()
                .stdout())
        .startsWith("3072 ");
  }

  @Test
  void aKeyThatOthersCanReadIsRefused() throws IOException {
    var _ = SshHostKeys.loadOrCreate(folder);
    Path file = folder.resolve("ssh_host_rsa_key");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThatThrownBy(() -> SshHostKeys.loadOrCreate(folder)).hasMessageContaining("chmod 600");
  }

  @Test
  void aFileThatHoldsNoKeyIsNamed() throws IOException {
    var _ = SshHostKeys.loadOrCreate(folder);
    Files.writeString(folder.resolve("ssh_host_rsa_key"), "nonsense");
    assertThatThrownBy(() -> SshHostKeys.loadOrCreate(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ssh_host_rsa_key");
  }
}
