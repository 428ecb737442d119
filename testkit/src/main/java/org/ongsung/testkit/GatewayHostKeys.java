package org.ongsung.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// Host keys for the gateways of tests, made once in a process: an RSA key of 3,072 bits costs up
/// to a second, which every gateway would pay anew. Only tests of how keys are made need their own.
public final class GatewayHostKeys {
  private GatewayHostKeys() {}

  /// Puts the keys, with their public halves, into a gateway's data folder.
  public static void into(Path folder) {
    try {
      for (String name : new String[] {"ssh_host_ed25519_key", "ssh_host_rsa_key"}) {
        for (String file : new String[] {name, name + ".pub"}) {
          Files.copy(
              Made.FOLDER.resolve(file), folder.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Made {
    static final Path FOLDER = Folders.untilExit("ongsung-host-keys");

    static {
      SshKey.generate(FOLDER.resolve("ssh_host_ed25519_key"), "ed25519", "ongsung");
      SshKey.generate(FOLDER.resolve("ssh_host_rsa_key"), "rsa", "ongsung");
    }
  }
}
