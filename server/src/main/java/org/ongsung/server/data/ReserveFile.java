package org.ongsung.server.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.SplittableRandom;
import org.ongsung.gateway.StorageReserve;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A file of 8 MiB in the data folder that only takes up room, so that there is some to give up.
///
/// Once fewer than 1 MiB are free it becomes 2 MiB shorter, and again at each look for which that
/// holds: whatever fills the disk and goes on does not get all of it at once. With its own size
/// free beside it, it is made whole again. Its bytes are noise, because a file system may keep
/// holes and what it can compress for less than they seem. A fault is logged, once while it lasts,
/// and stops nobody.
public final class ReserveFile implements StorageReserve {
  /// Its name in the data folder.
  public static final String NAME = "reserve";

  static final long WHOLE_BYTES = 8L << 20;
  static final long PART_BYTES = 2L << 20;
  static final long FULL_BYTES = 1L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(ReserveFile.class);
  private static final int BLOCK_BYTES = 1 << 16;

  private final Path file;
  private final UsableSpace space;
  private volatile long held;
  private boolean failing;

  /// How many bytes are free beside the file.
  interface UsableSpace {
    long bytes() throws IOException;
  }

  private interface Step {
    void take() throws IOException;
  }

  /// The one of a data folder, as the last process left it; none is made yet.
  public static ReserveFile in(Path folder) {
    return new ReserveFile(folder.resolve(NAME), () -> Files.getFileStore(folder).getUsableSpace());
  }

  ReserveFile(Path file, UsableSpace space) {
    this.file = file;
    this.space = space;
    attempt(() -> held = size());
  }

  @Override
  public long missingBytes() {
    return Math.max(0, WHOLE_BYTES - held);
  }

  @Override
  public void tend() {
    attempt(
        () -> {
          giveUp();
          takeBack();
        });
  }

  /// Gives up a part if there is room for nothing else. Blocks.
  public void giveUpWhereFull() {
    attempt(this::giveUp);
  }

  private synchronized void attempt(Step step) {
    try {
      step.take();
      failing = false;
    } catch (IOException e) {
      if (!failing) {
        LOG.error("the space kept in {} cannot be given up or taken back", file, e);
      }
      failing = true;
    }
  }

  private void giveUp() throws IOException {
    held = size();
    if (held == 0 || space.bytes() >= FULL_BYTES) {
      return;
    }
    try (FileChannel channel = open()) {
      channel.truncate(Math.max(0, held - PART_BYTES));
      held = channel.size();
    }
    LOG.warn("the disk is full: {} bytes of {} are left to give up; make room", held, file);
  }

  private void takeBack() throws IOException {
    long missing = missingBytes();
    if (missing == 0 || space.bytes() < missing + WHOLE_BYTES) {
      return;
    }
    try (FileChannel channel = open()) {
      fill(channel, channel.size());
      held = channel.size();
    }
  }

  private static void fill(FileChannel channel, long from) throws IOException {
    byte[] block = new byte[BLOCK_BYTES];
    SplittableRandom noise = new SplittableRandom();
    try {
      for (long at = from; at < WHOLE_BYTES; ) {
        noise.nextBytes(block);
        int length = (int) Math.min(BLOCK_BYTES, WHOLE_BYTES - at);
        at += channel.write(ByteBuffer.wrap(block, 0, length), at);
      }
    } catch (IOException e) {
      channel.truncate(from); // the room has gone meanwhile: it is not for this file
      throw e;
    }
  }

  private long size() throws IOException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .size();
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  private FileChannel open() throws IOException {
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
        DataFolder.FILE_MODE);
  }
}
