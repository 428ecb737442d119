package org.ongsung.server.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.ongsung.server.data.DataFolder;

/// The key of the demo's person, made for the demo and gone with it.
///
/// @param file the private key in OpenSSH's format, mode 0600
record DemoKey(KeyPair pair, Path file) {
  private static final String COMMENT = "ongsung-demo";

  /// Makes a key in `file`.
  static DemoKey create(Path file) throws IOException {
    try {
      KeyPair pair = SecurityUtils.getKeyPairGenerator(SecurityUtils.ED25519).generateKeyPair();
      Files.createFile(file, DataFolder.FILE_MODE);
      try (OutputStream out = Files.newOutputStream(file)) {
        OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(pair, COMMENT, null, out);
      }
      return new DemoKey(pair, file);
    } catch (GeneralSecurityException e) {
      throw new IOException("the demo's key cannot be made", e);
    }
  }

  /// The line of a public key file.
  String publicLine() {
    return PublicKeyEntry.toString(pair.getPublic()) + " " + COMMENT;
  }

  @Override
  public String toString() {
    return "DemoKey[" + file + "]";
  }
}
