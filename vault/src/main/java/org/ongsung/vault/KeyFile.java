package org.ongsung.vault;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.GuardedLock;

/// The file that keeps a [Keyring], readable by its owner alone.
///
/// It is replaced as a whole, so that a crash leaves the old or the new one; processes that change
/// it take turns by a lock on a file beside it, so that no key is lost.
final class KeyFile {
  private static final Set<PosixFilePermission> ALLOWED =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
  private static final long MAX_BYTES = 1L << 20;
  private static final GuardedLock TURN = new GuardedLock(); // file locks are per process

  private final Path path;

  KeyFile(Path path) {
    this.path = path.toAbsolutePath();
  }

  /// The ring, or nothing when there is no file.
  ///
  /// @throws VaultException when others could read or write the file, or it is damaged
  Optional<Keyring> read() {
    if (Files.notExists(path, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    List<String> lines;
    try {
      refuseInsecureMode();
      if (Files.size(path) > MAX_BYTES) {
        throw damaged("it is too long");
      }
      lines = Files.readAllLines(path, StandardCharsets.US_ASCII);
    } catch (CharacterCodingException e) {
      throw damaged("it is not text");
    } catch (IOException e) {
      throw new VaultException("the key file cannot be read: " + path, e);
    }
    try {
      return Optional.of(Keyring.parse(lines));
    } catch (VaultException e) {
      throw damaged(e.getMessage());
    }
  }

  private VaultException damaged(@Nullable String how) {
    return new VaultException("the key file is damaged: " + path + ": " + how);
  }

  private void refuseInsecureMode() throws IOException {
    Set<PosixFilePermission> mode = Files.getPosixFilePermissions(path);
    if (!ALLOWED.containsAll(mode)) {
      throw new VaultException(
          "the key file can be read or changed by others ("
              + PosixFilePermissions.toString(mode)
              + "): run  chmod 600 "
              + path);
    }
  }

  /// Puts what `change` makes of the ring that is there in its place, and returns it. While it runs
  /// no other process changes the file.
  Keyring change(Function<Optional<Keyring>, Keyring> change) {
    TURN.lock();
    try (FileChannel turn = FileChannel.open(lockFile(), StandardOpenOption.WRITE);
        FileLock _ = turn.lock()) {
      Optional<Keyring> before = read();
      Keyring after = change.apply(before);
      if (before.isEmpty() || !before.get().text().equals(after.text())) {
        replace(after);
      }
      return after;
    } catch (IOException e) {
      throw new VaultException("the key file cannot be written: " + path, e);
    } finally {
      TURN.unlock();
    }
  }

  private Path lockFile() throws IOException {
    Path lock = path.resolveSibling(path.getFileName() + ".lock");
    if (Files.notExists(lock)) {
      try {
        Files.createFile(lock, PosixFilePermissions.asFileAttribute(ALLOWED));
      } catch (java.nio.file.FileAlreadyExistsException e) {
        // Another process was faster; either will do.
      }
    }
    return lock;
  }

  private void replace(Keyring ring) throws IOException {
    Path fresh = path.resolveSibling(path.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Files.createFile(fresh, PosixFilePermissions.asFileAttribute(ALLOWED));
    try (FileChannel out = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      ByteBuffer text = StandardCharsets.US_ASCII.encode(ring.text());
      while (text.hasRemaining()) {
        out.write(text);
      }
      out.force(true);
    }
    Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
    Path folder = path.getParent();
    if (folder != null) {
      try (FileChannel entry = FileChannel.open(folder, StandardOpenOption.READ)) {
        entry.force(true); // the rename itself
      }
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
