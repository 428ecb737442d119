package org.ongsung.server.upkeep;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.ongsung.server.archive.TarWriter;
import org.ongsung.server.data.DataFolder;
import org.ongsung.server.data.ReserveFile;
import org.ongsung.server.data.Version;
import org.ongsung.store.Database;

/// Writes a backup of a data folder, also while its gateway works: a `tar.gz` of consistent copies
/// of the database, then of everything else there, then of the list of what it holds with SHA-256
/// of each.
///
/// The copies of the database are made first, so that every recording which they know is there too:
/// the files of an embedded one, or PostgreSQL's tables as JSON lines, which either kind is
/// restored from. The backup holds the keys of the vault: keep it as safe as the folder itself.
public final class DataBackup {
  /// Where the copy of the database lies in a backup.
  static final String DATABASE = "database";

  /// What belongs to a process, is made anew from the rest, or is a backup itself.
  private static final Set<String> LEFT_OUT =
      Set.of(
          "lock", "cli-token", "backups", ReserveFile.NAME, DataFolder.TRANSCRIPT_INDEX, DATABASE);

  private static final String DATABASE_FILE = ".*\\.db(-wal|-shm|-journal)?";
  private static final int FILE_MODE = 0600;
  private static final int FOLDER_MODE = 0700;

  private final Path data;
  private final Database database;

  /// @param database open on the folder, or elsewhere
  public DataBackup(Path data, Database database) {
    this.data = data;
    this.database = database;
  }

  /// Writes it and closes `out`. Blocks for as long as that takes.
  public void write(OutputStream out, Instant now) throws IOException {
    Path copies =
        Files.createTempDirectory(
            data,
            ".backup",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    TreeMap<String, String> sums = new TreeMap<>();
    try (TarWriter tar = new TarWriter(new GZIPOutputStream(out, 1 << 16))) {
      database.backupTo(copies);
      tar.folder(DATABASE, FOLDER_MODE, now);
      try (Stream<Path> files = Files.list(copies)) {
        for (Path file : (Iterable<Path>) files.sorted()::iterator) {
          add(tar, file, DATABASE + "/" + file.getFileName(), sums);
        }
      }
      addFolder(tar, sums, copies);
      BackupManifest manifest = new BackupManifest(Version.text(), now, sums);
      byte[] json = manifest.toJson();
      tar.file(BackupManifest.NAME, FILE_MODE, json.length, now, new ByteArrayInputStream(json));
    } finally {
      removeAll(copies);
    }
  }

  private void addFolder(TarWriter tar, SortedMap<String, String> sums, Path copies)
      throws IOException {
    // What is left out is not even looked into: its files come and go meanwhile.
    try (Stream<Path> entries = Files.list(data)) {
      for (Path entry : (Iterable<Path>) entries.sorted()::iterator) {
        if (!entry.equals(copies) && !isLeftOut(entry)) {
          addAll(tar, sums, entry);
        }
      }
    }
  }

  private void addAll(TarWriter tar, SortedMap<String, String> sums, Path entry)
      throws IOException {
    try (Stream<Path> all = Files.walk(entry)) {
      for (Path path : (Iterable<Path>) all.sorted()::iterator) {
        String name = data.relativize(path).toString();
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
          tar.folder(name, FOLDER_MODE, Files.getLastModifiedTime(path).toInstant());
        } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
          addIfThere(tar, path, name, sums);
        }
      }
    } catch (NoSuchFileException e) {
      // The entry itself went away since the folder was read.
    } catch (UncheckedIOException e) {
      throw e.getCause() == null ? new IOException(e) : e.getCause();
    }
  }

  private static boolean isLeftOut(Path path) {
    String name = path.getFileName().toString();
    return LEFT_OUT.contains(name) || name.endsWith(".new") || name.matches(DATABASE_FILE);
  }

  private static void addIfThere(
      TarWriter tar, Path file, String name, SortedMap<String, String> sums) throws IOException {
    try {
      add(tar, file, name, sums);
    } catch (NoSuchFileException e) {
      // Went away since the folder was read, such as the first admin's password.
    }
  }

  private static void add(TarWriter tar, Path file, String name, SortedMap<String, String> sums)
      throws IOException {
    MessageDigest digest = sha256();
    try (FileChannel channel = FileChannel.open(file);
        InputStream content = new DigestInputStream(Channels.newInputStream(channel), digest)) {
      long size = channel.size(); // a recording may grow meanwhile; what it has now is whole lines
      tar.file(name, FILE_MODE, size, Files.getLastModifiedTime(file).toInstant(), content);
    }
    sums.put(name, HexFormat.of().formatHex(digest.digest()));
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has SHA-256
    }
  }

  /// Removes a folder with all that is in it.
  static void removeAll(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(path);
      }
    }
  }
}
