package org.ongsung.server.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The folder that one gateway process has for itself: mode 0700, and locked while it is open, so
/// that no two processes write into it.
///
/// The lock is the operating system's (fcntl, POSIX.1-2024) on the file `lock`; it goes with the
/// process, however that ends.
public final class DataFolder implements AutoCloseable {
  /// The folder of the index of transcripts, made anew from the database where it is missing.
  public static final String TRANSCRIPT_INDEX = "transcript-index";

  /// A folder for its owner alone.
  public static final FileAttribute<Set<PosixFilePermission>> FOLDER_MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  /// A file for its owner alone.
  public static final FileAttribute<Set<PosixFilePermission>> FILE_MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private static final String LOCK_FILE = "lock";

  private final Path path;
  private final FileChannel channel;

  private DataFolder(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /// Makes the folder if it is not there, and takes it.
  ///
  /// @throws StartFailure when another process has it, or it cannot be used
  public static DataFolder open(Path path) {
    try {
      if (!Files.isDirectory(path)) {
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null) {
          Files.createDirectories(parent);
        }
        Files.createDirectory(path, FOLDER_MODE);
      }
      FileChannel channel =
          FileChannel.open(
              path.resolve(LOCK_FILE),
              Set.of(
                  StandardOpenOption.CREATE,
                  StandardOpenOption.READ,
                  StandardOpenOption.WRITE,
                  LinkOption.NOFOLLOW_LINKS),
              FILE_MODE);
      if (!lock(channel)) {
        String holder = holder(channel);
        channel.close();
        throw new StartFailure(
            "another process" + holder + " uses the data folder " + path,
            "Stop it first, or give this one another folder: data: … in its configuration.");
      }
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(
              (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)),
          0);
      return new DataFolder(path, channel);
    } catch (IOException e) {
      throw new StartFailure(
          "the data folder " + path + " cannot be used: " + StartFailure.cause(e),
          "It must belong to the user that runs the gateway, with mode 0700.",
          e);
    }
  }

  /// Whether a process has the folder now.
  public static boolean isTaken(Path path) throws IOException {
    Path file = path.resolve(LOCK_FILE);
    if (!Files.exists(file)) {
      return false;
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return !lock(channel);
    }
  }

  private static boolean lock(FileChannel channel) throws IOException {
    try {
      @Nullable FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(20);
    channel.read(text, 0);
    String pid = new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII).strip();
    return pid.matches("[0-9]+") ? " (" + pid + ")" : "";
  }

  public Path path() {
    return path;
  }

  /// A file or folder in it.
  public Path resolve(String name) {
    return path.resolve(name);
  }

  /// Writes a small file for its owner alone, whole or not at all.
  public void write(String name, String text) throws IOException {
    Path fresh = Files.createTempFile(path, name, ".new", FILE_MODE);
    Files.writeString(fresh, text);
    Files.move(
        fresh,
        path.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /// Lets go of the folder.
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // The lock goes with the process at the latest.
    }
  }
}
