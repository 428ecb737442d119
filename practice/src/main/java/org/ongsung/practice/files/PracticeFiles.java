package org.ongsung.practice.files;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// One practice target's file system. Nothing in it outlives the target, and no path in it is a
/// path of the host.
///
/// File contents are bounded by the file system itself; how many files, folders and links there are
/// is counted here, since empty ones cost memory too. Whoever makes one asks [#reserveEntry] first.
public final class PracticeFiles implements AutoCloseable {
  private static final int BLOCK_BYTES = 4096;

  private final FileSystem fileSystem;
  private final Path home;
  private final int maxEntries;
  private final AtomicInteger entries = new AtomicInteger();

  /// A file system with a home for `account` and a few files to look at.
  ///
  /// @param maxBytes of all files' contents together
  /// @param maxEntries files, folders and links together
  public PracticeFiles(String account, String hostname, long maxBytes, int maxEntries) {
    this.maxEntries = maxEntries;
    String homeName = account.equals("root") ? "/root" : "/home/" + account;
    fileSystem =
        Jimfs.newFileSystem(
            Configuration.unix().toBuilder()
                .setAttributeViews("basic", "owner", "posix", "unix")
                .setDefaultAttributeValue("owner:owner", account)
                .setDefaultAttributeValue("posix:group", account)
                .setWorkingDirectory(homeName)
                .setBlockSize(BLOCK_BYTES)
                .setMaxSize(maxBytes)
                // Freed blocks go back to the heap rather than being kept for later.
                .setMaxCacheSize(0)
                .build());
    home = fileSystem.getPath(homeName);
    try {
      furnish(account, hostname);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The account's home folder, where relative names start.
  public Path home() {
    return home;
  }

  /// A path from its text.
  public Path path(String path) {
    return fileSystem.getPath(path);
  }

  /// The file system itself, for whom does not close it.
  public FileSystem fileSystem() {
    return fileSystem;
  }

  /// Makes room for one more file, folder or link.
  ///
  /// @throws FileSystemException if there are as many as there may be
  public void reserveEntry(Path path) throws IOException {
    if (entries.incrementAndGet() < maxEntries) {
      return;
    }
    // Removals are not counted as they happen; the truth is looked up when it matters.
    try (Stream<Path> all = Files.walk(path("/"))) {
      int count = (int) all.limit(maxEntries + 1L).count();
      entries.set(count);
      if (count >= maxEntries) {
        throw new FileSystemException(path.toString(), null, "No space left on device");
      }
    }
    entries.incrementAndGet();
  }

  /// The only store, which knows how much room there is.
  public FileStore store() throws IOException {
    return Files.getFileStore(home);
  }

  @Override
  public void close() {
    try {
      fileSystem.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void furnish(String account, String hostname) throws IOException {
    for (String folder :
        new String[] {"/etc", "/tmp", "/var/log", home.toString(), home + "/logs"}) {
      Files.createDirectories(path(folder));
    }
    try (Stream<Path> all = Files.walk(path("/"))) {
      for (Path folder : all.toList()) {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    }
    Files.setPosixFilePermissions(path("/tmp"), PosixFilePermissions.fromString("rwxrwxrwx"));
    write(path("/etc/hostname"), hostname + "\n");
    write(path("/etc/os-release"), "NAME=\"Ongsung practice\"\nID=ongsung-practice\n");
    write(path("/etc/passwd"), account + ":x:1000:1000:" + account + ":" + home + ":/bin/sh\n");
    write(home.resolve("README.txt"), resource("README.txt"));
    write(home.resolve("읽어보기.txt"), resource("README_ko.txt"));
    write(home.resolve("logs/app.log"), resource("app.log"));
    try (Stream<Path> all = Files.walk(path("/"))) {
      entries.set((int) all.count());
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
  }

  private static String resource(String name) throws IOException {
    try (var in = PracticeFiles.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("the resource " + name + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /// Whether the path exists, a link that leads nowhere included.
  public static boolean exists(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }
}
