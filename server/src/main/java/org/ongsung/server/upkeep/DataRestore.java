package org.ongsung.server.upkeep;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.ongsung.server.archive.TarReader;
import org.ongsung.server.data.DataFolder;

/// Puts a backup into a data folder that is not there yet or empty: whole and verified, or not at
/// all.
///
/// The files are written beside the folder first; only when every one of them is there with its
/// SHA-256 does that take the folder's place.
public final class DataRestore {
  private static final int MAX_MANIFEST_BYTES = 256 << 20;

  /// What was restored.
  ///
  /// @param version of the Ongsung that wrote the backup
  public record Restored(String version, Instant createdAt, int files) {}

  /// Restores the database, before the other files take their place.
  @FunctionalInterface
  public interface DatabaseRestore {
    /// Fills the empty database that is configured.
    ///
    /// @param copy what the backup holds of the database
    /// @param folder the data folder as it will be
    void restore(Path copy, Path folder) throws IOException;
  }

  /// Restores `archive` into `data`.
  ///
  /// @throws IOException when it is not a whole backup, or `data` is in use; nothing was changed
  ///   then
  public Restored restore(InputStream archive, Path data, DatabaseRestore database)
      throws IOException {
    requireEmpty(data);
    Path absolute = data.toAbsolutePath();
    Path parent = absolute.getParent();
    if (parent == null) {
      throw new IOException("a data folder cannot be the root folder");
    }
    Files.createDirectories(parent);
    Path draft = Files.createTempDirectory(parent, ".restoring", DataFolder.FOLDER_MODE);
    try {
      Restored restored = unpack(archive, draft);
      Path copy = draft.resolve(DataBackup.DATABASE);
      database.restore(copy, draft);
      DataBackup.removeAll(copy);
      Files.deleteIfExists(absolute);
      Files.move(draft, absolute);
      return restored;
    } finally {
      DataBackup.removeAll(draft);
    }
  }

  private static void requireEmpty(Path data) throws IOException {
    if (!Files.exists(data)) {
      return;
    }
    try (Stream<Path> entries = Files.list(data)) {
      if (entries.findAny().isPresent()) {
        throw new IOException(data + " is not empty; a backup is restored into an empty folder");
      }
    }
  }

  private static Restored unpack(InputStream archive, Path draft) throws IOException {
    TreeMap<String, String> sums = new TreeMap<>();
    byte @Nullable [] manifestBytes = null;
    try (TarReader tar =
        new TarReader(new GZIPInputStream(new BufferedInputStream(archive), 1 << 16))) {
      for (TarReader.Entry entry = tar.next(); entry != null; entry = tar.next()) {
        if (manifestBytes != null) {
          throw new IOException("the backup goes on after its end");
        }
        if (entry.name().equals(BackupManifest.NAME)) {
          manifestBytes = manifest(tar, entry);
        } else if (entry.isFolder()) {
          Files.createDirectories(draft.resolve(entry.name()), DataFolder.FOLDER_MODE);
        } else if (sums.put(entry.name(), write(tar, draft.resolve(entry.name()))) != null) {
          throw new IOException("the backup has a file twice");
        }
      }
    }
    if (manifestBytes == null) {
      throw new IOException("this is no backup of Ongsung, or its end is missing");
    }
    BackupManifest manifest;
    try {
      manifest = BackupManifest.parse(manifestBytes);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
    if (!manifest.sha256().equals(sums)) {
      throw new IOException("the backup is damaged: its files are not those that it lists");
    }
    return new Restored(manifest.version(), manifest.createdAt(), sums.size());
  }

  private static byte[] manifest(TarReader tar, TarReader.Entry entry) throws IOException {
    if (entry.size() > MAX_MANIFEST_BYTES) {
      throw new IOException("the backup's list of files is too long");
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] buffer = new byte[1 << 14];
    for (int n = tar.read(buffer); n >= 0; n = tar.read(buffer)) {
      bytes.write(buffer, 0, n);
    }
    return bytes.toByteArray();
  }

  private static String write(TarReader tar, Path file) throws IOException {
    Path folder = file.getParent();
    if (folder != null) {
      Files.createDirectories(folder, DataFolder.FOLDER_MODE);
    }
    Files.createFile(file, DataFolder.FILE_MODE);
    MessageDigest digest = DataBackup.sha256();
    byte[] buffer = new byte[1 << 16];
    try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.WRITE)) {
      for (int n = tar.read(buffer); n >= 0; n = tar.read(buffer)) {
        digest.update(buffer, 0, n);
        out.write(buffer, 0, n);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
