package org.ongsung.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A key pair made by `ssh-keygen`, without passphrase.
///
/// @param privateKeyFile in OpenSSH's format, mode 0600
/// @param publicLine `ssh-ed25519 AAAA… comment`
public record SshKey(Path privateKeyFile, String publicLine) {
  /// Makes a key of OpenSSH's type name (`ed25519`, `ecdsa`, `rsa`) in the folder.
  public static SshKey generate(Path folder, String type) {
    return generate(folder.resolve("key_" + type), type, "test");
  }

  /// Makes a key at a path of one's own.
  public static SshKey generate(Path file, String type, String comment) {
    Program.of("ssh-keygen", "-q", "-t", type, "-N", "", "-C", comment, "-f", file.toString())
        .within(Deadlines.SERVICE)
        .run()
        .expectSuccess();
    try {
      return new SshKey(file, Files.readString(Path.of(file + ".pub")).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The private key's text.
  public String privateKeyText() {
    try {
      return Files.readString(privateKeyFile);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
