package org.ongsung.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/// An SSH public key as one line of an OpenSSH key file: `algorithm base64 comment` (RFC 4253
/// section 6.6 for the blob).
///
/// Two keys are the same when their blobs are; the comment is for people. The line is at most 16
/// KiB.
public final class SshPublicKey {
  /// The longest line that is taken, in characters, inclusive.
  public static final int MAX_LINE_CHARACTERS = 16_384;

  private final String algorithm;
  private final byte[] blob;
  private final String comment;

  private SshPublicKey(String algorithm, byte[] blob, String comment) {
    this.algorithm = algorithm;
    this.blob = blob;
    this.comment = comment;
  }

  /// Reads one line. Options before the algorithm (`from=…`) are refused: grants say what a key may
  /// do.
  public static SshPublicKey parse(String line) {
    if (line.length() > MAX_LINE_CHARACTERS) {
      throw new IllegalArgumentException("a public key line has at most 16384 characters");
    }
    String[] parts = line.strip().split("[ \t]+", 3);
    if (parts.length < 2) {
      throw notAKey(line, null);
    }
    byte[] blob;
    try {
      blob = Base64.getDecoder().decode(parts[1]);
    } catch (IllegalArgumentException e) {
      throw notAKey(line, e);
    }
    if (!parts[0].equals(algorithmIn(blob))) {
      throw notAKey(line, null);
    }
    return new SshPublicKey(parts[0], blob, parts.length < 3 ? "" : parts[2].strip());
  }

  /// A key from its wire form (RFC 4253 section 6.6).
  public static SshPublicKey ofBlob(byte[] blob, String comment) {
    String algorithm = algorithmIn(blob);
    if (algorithm.isEmpty()) {
      throw new IllegalArgumentException("not an SSH public key blob");
    }
    return new SshPublicKey(algorithm, blob.clone(), comment);
  }

  private static IllegalArgumentException notAKey(
      String line, java.lang.@org.jspecify.annotations.Nullable Throwable cause) {
    return new IllegalArgumentException(
        "not a public key line (ssh-ed25519 AAAA… comment): " + Shown.quoted(line), cause);
  }

  private static String algorithmIn(byte[] blob) {
    ByteBuffer in = ByteBuffer.wrap(blob);
    if (in.remaining() < 4) {
      return "";
    }
    int length = in.getInt();
    if (length < 1 || length > 64 || length > in.remaining()) {
      return "";
    }
    return new String(blob, 4, length, StandardCharsets.US_ASCII);
  }

  /// The key type, such as `ssh-ed25519`.
  public String algorithm() {
    return algorithm;
  }

  /// The wire form; a copy.
  public byte[] blob() {
    return blob.clone();
  }

  /// What stands after the key; for people only.
  public String comment() {
    return comment;
  }

  /// `SHA256:…` as OpenSSH prints it.
  public String fingerprint() {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(blob);
      return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has SHA-256
    }
  }

  /// The line again.
  public String line() {
    String key = algorithm + " " + Base64.getEncoder().encodeToString(blob);
    return comment.isEmpty() ? key : key + " " + comment;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SshPublicKey key && Arrays.equals(blob, key.blob);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(blob);
  }

  @Override
  public String toString() {
    return algorithm + " " + fingerprint();
  }
}
