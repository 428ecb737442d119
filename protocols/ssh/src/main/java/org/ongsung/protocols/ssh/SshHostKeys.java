package org.ongsung.protocols.ssh;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.ongsung.model.SshPublicKey;

/// The gateway's own host keys: one ed25519, one RSA of 3,072 bits.
///
/// They lie in the OpenSSH format as `ssh_host_ed25519_key` and `ssh_host_rsa_key`, mode 0600, with
/// the public key beside each as `.pub`.
public final class SshHostKeys {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");
  private static final int RSA_BITS = 3_072;

  private final List<KeyPair> keys;

  private SshHostKeys(List<KeyPair> keys) {
    this.keys = List.copyOf(keys);
  }

  /// Reads the keys in `folder`, and makes those that are not there.
  ///
  /// @throws IOException when one cannot be read or written, or others than its owner can read it
  public static SshHostKeys loadOrCreate(Path folder) throws IOException {
    try {
      List<KeyPair> keys = new ArrayList<>();
      keys.add(loadOrCreate(folder.resolve("ssh_host_ed25519_key"), "ssh-ed25519", 0));
      keys.add(loadOrCreate(folder.resolve("ssh_host_rsa_key"), "ssh-rsa", RSA_BITS));
      return new SshHostKeys(keys);
    } catch (GeneralSecurityException e) {
      throw new IOException("the host keys in " + folder + " cannot be used: " + e.getMessage(), e);
    }
  }

  /// What is made is read back, so that the first start serves with what all later ones will.
  private static KeyPair loadOrCreate(Path file, String type, int bits)
      throws IOException, GeneralSecurityException {
    if (!Files.exists(file)) {
      KeyPair made =
          bits == 0
              ? SecurityUtils.getKeyPairGenerator(SecurityUtils.ED25519).generateKeyPair()
              : KeyUtils.generateKeyPair(type, bits);
      write(file, made);
    }
    Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
    if (!OWNER_ONLY.containsAll(mode)) {
      throw new IOException(file + " can be read by others: chmod 600 " + file);
    }
    try (var in = Files.newInputStream(file)) {
      Iterable<KeyPair> found =
          SecurityUtils.loadKeyPairIdentities(
              null, NamedResource.ofName(file.toString()), in, null);
      if (found != null && found.iterator().hasNext()) {
        return found.iterator().next();
      }
    }
    throw new IOException(file + " holds no private key; remove it and a new one is made");
  }

  private static void write(Path file, KeyPair key) throws IOException, GeneralSecurityException {
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(draft);
    Files.createFile(draft, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE);
        OutputStream out = Channels.newOutputStream(channel)) {
      OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(key, "ongsung", null, out);
      out.flush();
      channel.force(true);
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    Files.writeString(
        file.resolveSibling(file.getFileName() + ".pub"), publicKey(key).line() + "\n");
  }

  static SshPublicKey publicKey(KeyPair key) {
    return SshPublicKey.ofBlob(blob(key.getPublic()), "ongsung");
  }

  static byte[] blob(java.security.PublicKey key) {
    ByteArrayBuffer buffer = new ByteArrayBuffer();
    buffer.putRawPublicKey(key);
    byte[] bytes = new byte[buffer.available()];
    ByteBuffer.wrap(buffer.array(), buffer.rpos(), bytes.length).get(bytes);
    return bytes;
  }

  /// The public halves, for people to compare: ed25519 first.
  public List<SshPublicKey> publicKeys() {
    return keys.stream().map(SshHostKeys::publicKey).toList();
  }

  List<KeyPair> keyPairs() {
    return keys;
  }
}
