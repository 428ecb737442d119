package org.ongsung.gateway.files;

import java.io.IOException;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A file on its way to a target: written under a hidden name in the folder where it is to lie, and
/// given its own name when all of it is there. So the name leads to the old file or to the whole
/// new one, whatever breaks off.
///
/// Where the target cannot replace in one step (`posix-rename@openssh.com`), the old file gets a
/// hidden name first, then the new one its own, then the old one is removed; when the second step
/// fails the first is undone, and when that fails too it is told
/// ([FileRefusedException.Reason#ASIDE]).
///
/// Only a regular file is replaced. A symbolic link is neither followed nor replaced, and one that
/// comes in between is replaced and not followed.
///
/// ```java
/// try (Upload upload = Upload.begin(files, path, true)) {
///   upload.write(bytes, 0, bytes.length);
///   upload.commit();
/// }
/// ```
///
/// For one thread.
public final class Upload implements AutoCloseable {
  /// How a hidden name begins; 32 hexadecimal digits follow, and [#PART] or [#OLD].
  public static final String HIDDEN = ".ongsung-";

  /// How the hidden name ends of what is on its way.
  public static final String PART = ".part";

  /// How the hidden name ends of what makes way.
  public static final String OLD = ".old";

  private static final Logger LOG = LoggerFactory.getLogger(Upload.class);
  private static final int UNGUESSABLE_BYTES = 16;
  private static final int PERMISSIONS = 0777;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final FileUpstream files;
  private final FilePath file;
  private final FilePath part;
  private final boolean replacing;
  private final OutputStream out;
  private boolean over;

  private Upload(
      FileUpstream files, FilePath file, FilePath part, boolean replacing, OutputStream out) {
    this.files = files;
    this.file = file;
    this.part = part;
    this.replacing = replacing;
    this.out = out;
  }

  /// Begins to send a file.
  ///
  /// @param replace whether what is there under that name may be replaced
  /// @throws FileRefusedException when something is there that may not be replaced, or the target
  ///   refuses
  public static Upload begin(FileUpstream files, FilePath file, boolean replace)
      throws IOException {
    FileEntry old = find(files, file);
    if (old != null && !replace) {
      throw new FileRefusedException(FileRefusedException.Reason.EXISTS);
    }
    if (old != null && old.kind() != FileEntry.Kind.FILE) {
      throw new FileRefusedException(FileRefusedException.Reason.NOT_A_FILE);
    }
    // Bits that lend somebody's rights to whoever runs the file are not for a new content.
    int permissions = old == null || old.mode() < 0 ? -1 : old.mode() & PERMISSIONS;
    FilePath part = hidden(file, PART);
    return new Upload(files, file, part, old != null, files.create(part, permissions));
  }

  private static @Nullable FileEntry find(FileUpstream files, FilePath file) throws IOException {
    try {
      return files.lookAt(file);
    } catch (FileRefusedException e) {
      if (e.reason() == FileRefusedException.Reason.MISSING) {
        return null;
      }
      throw e;
    }
  }

  private static FilePath hidden(FilePath beside, String end) throws FileRefusedException {
    byte[] unguessable = new byte[UNGUESSABLE_BYTES];
    RANDOM.nextBytes(unguessable);
    try {
      return beside.parent().child(HIDDEN + HexFormat.of().formatHex(unguessable) + end);
    } catch (IllegalArgumentException e) {
      throw new FileRefusedException(FileRefusedException.Reason.NAME);
    }
  }

  /// Sends what comes next; blocks while the target takes no more.
  public void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
  }

  /// All of it was written: gives it its name once the target has confirmed every byte.
  public void commit() throws IOException {
    out.close();
    if (!replacing) {
      giveNewName();
    } else if (files.replaces()) {
      files.replace(part, file);
      over = true;
    } else {
      exchange();
    }
  }

  private void giveNewName() throws IOException {
    try {
      files.rename(part, file);
      over = true;
    } catch (FileRefusedException e) {
      throw find(files, file) == null
          ? e
          : new FileRefusedException(FileRefusedException.Reason.EXISTS);
    }
  }

  private void exchange() throws IOException {
    FilePath old = hidden(file, OLD);
    files.rename(file, old);
    try {
      files.rename(part, file);
    } catch (IOException e) {
      putBack(old, e);
      throw e;
    }
    over = true;
    try {
      files.removeFile(old);
    } catch (FileRefusedException e) {
      LOG.info("a file that was replaced stays behind as {}: {}", old.name(), e.getMessage());
    }
  }

  private void putBack(FilePath old, IOException why) throws FileRefusedException {
    try {
      files.rename(old, file);
    } catch (IOException e) {
      FileRefusedException aside = new FileRefusedException(FileRefusedException.Reason.ASIDE);
      aside.addSuppressed(why);
      aside.addSuppressed(e);
      throw aside;
    }
  }

  /// Removes what was sent unless it was committed, as far as the target can still be asked.
  @Override
  public void close() {
    if (over) {
      return;
    }
    over = true;
    boolean interrupted = Thread.interrupted(); // whoever gives up cleans up all the same
    try {
      out.close();
    } catch (IOException e) {
      LOG.debug("an upload was given up", e);
    }
    try {
      files.removeFile(part);
    } catch (IOException e) {
      LOG.info("a part of an upload stays behind as {}: {}", part.name(), e.toString());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
