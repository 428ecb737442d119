package org.ongsung.directory.access;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import org.ongsung.directory.Problem;

/// A private key as text: OpenSSH's own form (`PROTOCOL.key` of OpenSSH), or PEM (RFC 7468, RFC
/// 1421 for the old headers). Looks only at what shows whether the gateway will be able to use it.
final class PrivateKeyText {
  private static final byte[] MAGIC = "openssh-key-v1\0".getBytes(StandardCharsets.US_ASCII);
  private static final String OPENSSH = "OPENSSH PRIVATE KEY";
  private static final Set<String> ALGORITHMS =
      Set.of(
          "ssh-ed25519",
          "ssh-rsa",
          "ecdsa-sha2-nistp256",
          "ecdsa-sha2-nistp384",
          "ecdsa-sha2-nistp521");

  private PrivateKeyText() {}

  /// `text` with one line break at its end; throws [IllegalArgumentException] when it is no private
  /// key or has a passphrase. The message shows nothing of it.
  static String checked(String text) {
    String key = text.strip().replace("\r\n", "\n") + "\n";
    if (key.startsWith("PuTTY-User-Key-File-")) {
      throw new UnfitValueException(
          Problem.Code.KEY_IS_PUTTY,
          "a PuTTY key; turn it into an OpenSSH key: puttygen KEY -O private-openssh -o NEW");
    }
    if (key.startsWith("ssh-") || key.startsWith("ecdsa-")) {
      throw new UnfitValueException(
          Problem.Code.KEY_IS_PUBLIC, "a public key; the private one is the file without .pub");
    }
    if (!key.startsWith("-----BEGIN ") || !key.contains("PRIVATE KEY-----")) {
      throw new UnfitValueException(
          Problem.Code.KEY_IS_NONE, "not a private key (-----BEGIN OPENSSH PRIVATE KEY-----)");
    }
    if (key.startsWith("-----BEGIN ENCRYPTED ") || key.contains("\nProc-Type: 4,ENCRYPTED")) {
      throw passphrase();
    }
    if (key.startsWith("-----BEGIN DSA ")) {
      throw new UnfitValueException(
          Problem.Code.KEY_OF_OTHER_KIND, "a DSA key; use ed25519, ECDSA or RSA");
    }
    String end = "\n-----END " + OPENSSH + "-----";
    if (key.startsWith("-----BEGIN " + OPENSSH + "-----\n")) {
      int from = key.indexOf('\n');
      int to = key.indexOf(end);
      if (to < from) {
        throw new UnfitValueException(Problem.Code.KEY_IS_DAMAGED, "a private key that is cut off");
      }
      checkOpenSsh(key.substring(from, to));
    }
    return key;
  }

  /// The head of the decoded form: magic, cipher name, kdf name, kdf options, number of keys,
  /// public key; each but the number preceded by its length in four bytes.
  private static void checkOpenSsh(String base64) {
    try {
      ByteBuffer in = ByteBuffer.wrap(Base64.getMimeDecoder().decode(base64));
      byte[] magic = new byte[MAGIC.length];
      in.get(magic);
      if (!java.util.Arrays.equals(magic, MAGIC)) {
        throw new UnfitValueException(Problem.Code.KEY_IS_DAMAGED, "a damaged private key");
      }
      if (!text(in).equals("none")) {
        throw passphrase();
      }
      text(in);
      text(in);
      int keys = in.getInt();
      in.getInt(); // length of the public key, which starts with its algorithm
      String algorithm = text(in);
      if (keys != 1 || !ALGORITHMS.contains(algorithm)) {
        throw new UnfitValueException(
            Problem.Code.KEY_OF_OTHER_KIND, "a key of another kind than ed25519, ECDSA and RSA");
      }
    } catch (java.nio.BufferUnderflowException e) {
      throw new UnfitValueException(Problem.Code.KEY_IS_DAMAGED, "a damaged private key");
    }
  }

  private static String text(ByteBuffer in) {
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new UnfitValueException(Problem.Code.KEY_IS_DAMAGED, "a damaged private key");
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  private static UnfitValueException passphrase() {
    return new UnfitValueException(
        Problem.Code.KEY_HAS_PASSPHRASE,
        "a private key with a passphrase; take a copy of it without one: "
            + "cp KEY COPY && ssh-keygen -p -N '' -f COPY");
  }
}
