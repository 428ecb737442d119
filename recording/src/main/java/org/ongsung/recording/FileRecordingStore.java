package org.ongsung.recording;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Set;
import org.ongsung.model.SessionId;

/// Recordings as files: `yyyy/mm/dd/SESSION-CHANNEL.zst` under a folder, the date that of the
/// session's start in UTC.
///
/// Names are made of ids alone, never of what a person or a target said. Files have mode 0600 and
/// folders 0700. A file's bytes go to the operating system with every write and to the disk at
/// [Sink#close].
public final class FileRecordingStore implements RecordingStore {
  private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final int TIME_DIGITS = 10;
  private static final FileAttribute<Set<PosixFilePermission>> FOLDER_MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<Set<PosixFilePermission>> FILE_MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path root;

  /// A store under `root`, which is made if it is not there.
  public FileRecordingStore(Path root) throws IOException {
    this.root = root;
    Files.createDirectories(root, FOLDER_MODE);
  }

  @Override
  public Sink create(RecordingId id) throws IOException {
    Path file = file(id);
    Files.createDirectories(file.getParent(), FOLDER_MODE);
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(
                StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
            FILE_MODE);
    return new FileSink(channel);
  }

  @Override
  public InputStream open(RecordingId id) throws IOException {
    return Files.newInputStream(file(id), LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public long delete(RecordingId id) throws IOException {
    Path file = file(id);
    try {
      long bytes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).size();
      Files.delete(file);
      return bytes;
    } catch (NoSuchFileException e) {
      return -1;
    }
  }

  @Override
  public long usableBytes() throws IOException {
    return Files.getFileStore(root).getUsableSpace();
  }

  private Path file(RecordingId id) {
    LocalDate day = LocalDate.ofInstant(startOf(id.session()), ZoneOffset.UTC);
    return root.resolve(String.format(Locale.ROOT, "%04d", day.getYear()))
        .resolve(String.format(Locale.ROOT, "%02d", day.getMonthValue()))
        .resolve(String.format(Locale.ROOT, "%02d", day.getDayOfMonth()))
        .resolve(id.session().value() + "-" + id.channel() + ".zst");
  }

  private static Instant startOf(SessionId id) {
    long milliseconds = 0;
    for (int i = 0; i < TIME_DIGITS; i++) {
      milliseconds = milliseconds << 5 | DIGITS.indexOf(id.value().charAt(i));
    }
    return Instant.ofEpochMilli(milliseconds);
  }

  private record FileSink(FileChannel channel) implements Sink {
    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }

    @Override
    public void flush() {
      // Every write has gone to the operating system already.
    }

    @Override
    public void close() throws IOException {
      try (channel) {
        channel.force(true);
      }
    }
  }
}
