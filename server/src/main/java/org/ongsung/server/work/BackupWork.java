package org.ongsung.server.work;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ongsung.audit.Ledger;
import org.ongsung.jobs.Destination;
import org.ongsung.jobs.JobContext;
import org.ongsung.jobs.JobParameters;
import org.ongsung.jobs.JobResult;
import org.ongsung.jobs.JobWork;
import org.ongsung.jobs.WorkFailedException;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.server.data.DataFolder;
import org.ongsung.server.upkeep.DataBackup;
import org.ongsung.store.Database;

/// Writes a backup into `backups` of the data folder, whole or not at all, and removes the oldest
/// of those that such jobs have made. In the ledger before it begins.
public final class BackupWork implements JobWork {
  private static final String FOLDER = "backups";
  private static final String NAME = "scheduled-[0-9TZ]+-[0-9a-z]{26}\\.tar\\.gz";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Path data;
  private final Database database;
  private final Ledger ledger;
  private final Clock clock;

  public BackupWork(Path data, Database database, Ledger ledger, Clock clock) {
    this.data = data;
    this.database = database;
    this.ledger = ledger;
    this.clock = clock;
  }

  @Override
  public JobResult run(
      JobParameters parameters, @Nullable Destination destination, JobContext context)
      throws IOException, WorkFailedException {
    if (!(parameters instanceof JobParameters.MakeBackup backup)) {
      throw new WorkFailedException("there is nothing to back up", false, null);
    }
    Instant now = clock.instant();
    Path folder = data.resolve(FOLDER);
    if (!Files.isDirectory(folder)) {
      Files.createDirectory(folder, DataFolder.FOLDER_MODE);
    }
    String name = "scheduled-" + TIME.format(now) + "-" + context.id() + ".tar.gz";
    ledger.append(
        new AuditEvent(
            now,
            AuditCode.BACKUP_CREATED,
            AuditEvent.SYSTEM,
            "",
            null,
            name,
            Map.of("job", context.id().value())));
    Path file = folder.resolve(name);
    String sha256 = write(file, now);
    context.progress(90, name);
    context.log(name + ", SHA-256 " + sha256);
    return new JobResult.Written(
        name, Files.size(file), 0, sha256, removeOldest(folder, backup.keep()));
  }

  private String write(Path file, Instant now) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Files.createFile(fresh, DataFolder.FILE_MODE);
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      OutputStream out =
          new DigestOutputStream(Files.newOutputStream(fresh, StandardOpenOption.WRITE), digest);
      new DataBackup(data, database).write(out, now);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has SHA-256
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private static int removeOldest(Path folder, int keep) throws IOException {
    List<Path> backups;
    try (Stream<Path> files = Files.list(folder)) {
      backups =
          files
              .filter(file -> file.getFileName().toString().matches(NAME))
              .sorted(Comparator.comparing((Path file) -> file.getFileName().toString()).reversed())
              .toList();
    }
    int removed = 0;
    for (Path old : backups.subList(Math.min(keep, backups.size()), backups.size())) {
      Files.delete(old);
      removed++;
    }
    return removed;
  }
}
