package org.ongsung.practice;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.Iterator;
import java.util.Optional;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.util.io.resource.PathResource;
import org.apache.sshd.common.util.security.SecurityUtils;

/// The target's ed25519 host key.
final class HostKey {
  private HostKey() {}

  /// A new key, or the one in the file; a file that is absent is made with mode 0600.
  static KeyPair of(Optional<Path> file) throws IOException {
    try {
      if (file.isEmpty()) {
        return generate();
      }
      Path path = file.get();
      return Files.exists(path) ? read(path) : write(path);
    } catch (GeneralSecurityException e) {
      throw new IOException("the practice target's host key cannot be made or read", e);
    }
  }

  /// The line that stands in known_hosts after the address.
  static String publicLine(KeyPair key) {
    return PublicKeyEntry.toString(key.getPublic());
  }

  private static KeyPair generate() throws GeneralSecurityException {
    return KeyUtils.generateKeyPair(KeyPairProvider.SSH_ED25519, 256);
  }

  private static KeyPair read(Path path) throws IOException, GeneralSecurityException {
    try (var in = Files.newInputStream(path)) {
      Iterable<KeyPair> keys =
          SecurityUtils.loadKeyPairIdentities(
              null, new PathResource(path), in, FilePasswordProvider.EMPTY);
      Iterator<KeyPair> first = keys == null ? null : keys.iterator();
      if (first == null || !first.hasNext()) {
        throw new IOException(path + " holds no private key");
      }
      return first.next();
    }
  }

  private static KeyPair write(Path path) throws IOException, GeneralSecurityException {
    KeyPair key = generate();
    Files.createFile(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (OutputStream out = Files.newOutputStream(path, StandardOpenOption.WRITE)) {
      OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(key, "practice", null, out);
    }
    return key;
  }

  static KeyPairProvider provider(KeyPair key) {
    return KeyPairProvider.wrap(key);
  }
}
