package org.ongsung.directory.access;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.ongsung.vault.Secret;

/// Reads files that hold one secret each. Only their owner may be able to read them.
final class SecretFiles {
  private static final Set<PosixFilePermission> OTHERS =
      Set.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private final Path base;

  /// @param base the folder that relative paths start from
  SecretFiles(Path base) {
    this.base = base;
  }

  /// The private key in the file; throws [IllegalArgumentException] with a message for people.
  String privateKey(String path) {
    try {
      return PrivateKeyText.checked(text(path));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(named(path, e), e);
    }
  }

  /// The one line of the file; throws [IllegalArgumentException] with a message for people.
  String password(String path) {
    try {
      String line = text(path).replaceFirst("\r?\n\\z", "");
      if (line.isEmpty() || line.indexOf('\n') >= 0 || line.indexOf('\0') >= 0) {
        throw new IllegalArgumentException("a password file has one line with the password");
      }
      return line;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(named(path, e), e);
    }
  }

  private String named(String path, IllegalArgumentException e) {
    return base.resolve(path) + ": " + e.getMessage();
  }

  private String text(String path) {
    Path file = base.resolve(path);
    try {
      if (!Files.exists(file)) {
        throw new IllegalArgumentException("no such file");
      }
      if (!Files.isRegularFile(file)) {
        throw new IllegalArgumentException("not a regular file");
      }
      requirePrivate(file);
      byte[] bytes;
      try (java.io.InputStream in = Files.newInputStream(file)) {
        bytes = in.readNBytes(Secret.MAX_BYTES + 1);
      }
      if (bytes.length == 0 || bytes.length > Secret.MAX_BYTES) {
        throw new IllegalArgumentException("a secret has 1 to 65536 bytes");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("not text", e);
    } catch (java.nio.file.AccessDeniedException e) {
      throw new IllegalArgumentException("you may not read it", e);
    } catch (IOException e) {
      throw new IllegalArgumentException("it cannot be read: " + e.getMessage(), e);
    }
  }

  /// Where the file system knows no such permissions there is nothing to check.
  private static void requirePrivate(Path file) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view != null && view.readAttributes().permissions().stream().anyMatch(OTHERS::contains)) {
      throw new IllegalArgumentException(
          "others can read or change it; run: chmod 600 " + quoted(file));
    }
  }

  private static String quoted(Path file) {
    String text = file.toString();
    return text.matches("[A-Za-z0-9._/-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
