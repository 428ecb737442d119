package org.ongsung.server.work;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ongsung.server.data.DataFolder;

/// Where reports lie until they are too old: `reports` of the data folder.
public final class ReportFolder {
  private static final Pattern NAME =
      Pattern.compile("(sessions|ledger)-[0-9TZ]+-[0-9a-z]{26}\\.(csv|jsonl)");

  private final Path folder;
  private final Duration kept;

  /// @param data the data folder
  /// @param kept how long a report stays
  public ReportFolder(Path data, Duration kept) {
    this.folder = data.resolve("reports");
    this.kept = kept;
  }

  /// The file of a report that is to be written; the folder is there then.
  Path file(String name) throws IOException {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("not the name of a report: " + name);
    }
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectory(folder, DataFolder.FOLDER_MODE);
    }
    return folder.resolve(name);
  }

  /// A report; empty when it is not here any more.
  public Optional<InputStream> open(String name) throws IOException {
    if (!NAME.matcher(name).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.newInputStream(folder.resolve(name), LinkOption.NOFOLLOW_LINKS));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /// Deletes what is too old at `now`.
  ///
  /// @return how many files
  int removeOld(Instant now) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return 0;
    }
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(file -> NAME.matcher(file.getFileName().toString()).matches()).toList();
    }
    int removed = 0;
    for (Path file : files) {
      Instant written = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant();
      if (written.plus(kept).isBefore(now)) {
        Files.deleteIfExists(file);
        removed++;
      }
    }
    return removed;
  }
}
