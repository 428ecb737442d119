package org.ongsung.server.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/// Writes a tar archive in the ustar interchange format (POSIX.1-2024, pax, "ustar Interchange
/// Format"): folders, regular files and symbolic links, names of at most 255 bytes.
///
/// Files larger than 8 GiB have their size in base-256, as GNU tar and all its peers read it. Owner
/// and group are not told. For one thread at a time.
public final class TarWriter implements AutoCloseable {
  private static final int BLOCK = 512;
  private static final long MAX_OCTAL_SIZE = 0_77777777777L;

  private final OutputStream out;

  public TarWriter(OutputStream out) {
    this.out = out;
  }

  /// Adds a folder.
  public void folder(String name, int mode, Instant modified) throws IOException {
    header(name + "/", mode, 0, modified, '5', "");
  }

  /// Adds a symbolic link to `target`.
  public void link(String name, String target, Instant modified) throws IOException {
    header(name, 0777, 0, modified, '2', target);
  }

  /// Adds a file of exactly `size` bytes from `content`. A file that has become shorter meanwhile
  /// is an error; what it has grown by is left out.
  public void file(String name, int mode, long size, Instant modified, InputStream content)
      throws IOException {
    header(name, mode, size, modified, '0', "");
    byte[] buffer = new byte[1 << 16];
    long left = size;
    while (left > 0) {
      int n = content.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (n < 0) {
        throw new IOException(name + " became shorter while it was read");
      }
      out.write(buffer, 0, n);
      left -= n;
    }
    out.write(new byte[(int) ((BLOCK - size % BLOCK) % BLOCK)]);
  }

  private void header(
      String name, int mode, long size, Instant modified, char type, String linkTarget)
      throws IOException {
    byte[] block = new byte[BLOCK];
    putName(block, name.getBytes(StandardCharsets.UTF_8));
    putOctal(block, 100, 8, mode);
    putOctal(block, 108, 8, 0);
    putOctal(block, 116, 8, 0);
    if (size <= MAX_OCTAL_SIZE) {
      putOctal(block, 124, 12, size);
    } else {
      block[124] = (byte) 0x80;
      for (int i = 0; i < 8; i++) {
        block[135 - i] = (byte) (size >>> (8 * i));
      }
    }
    putOctal(block, 136, 12, Math.max(0, modified.getEpochSecond()));
    Arrays.fill(block, 148, 156, (byte) ' ');
    block[156] = (byte) type;
    byte[] target = linkTarget.getBytes(StandardCharsets.UTF_8);
    if (target.length > 100) {
      throw new IOException("a link's target is longer than 100 bytes: " + name);
    }
    System.arraycopy(target, 0, block, 157, target.length);
    System.arraycopy("ustar\00000".getBytes(StandardCharsets.US_ASCII), 0, block, 257, 8);
    int sum = 0;
    for (byte b : block) {
      sum += b & 0xff;
    }
    putOctal(block, 148, 7, sum);
    out.write(block);
  }

  /// The name in up to 100 bytes, with what does not fit before it as prefix of up to 155.
  private static void putName(byte[] block, byte[] name) throws IOException {
    if (name.length <= 100) {
      System.arraycopy(name, 0, block, 0, name.length);
      return;
    }
    for (int slash = Math.min(155, name.length - 2); slash > 0; slash--) {
      if (name[slash] == '/' && name.length - slash - 1 <= 100) {
        System.arraycopy(name, slash + 1, block, 0, name.length - slash - 1);
        System.arraycopy(name, 0, block, 345, slash);
        return;
      }
    }
    throw new IOException("a name is too long: " + new String(name, StandardCharsets.UTF_8));
  }

  private static void putOctal(byte[] block, int offset, int length, long value) {
    String digits = Long.toOctalString(value);
    int start = offset + length - 1 - digits.length();
    Arrays.fill(block, offset, start, (byte) '0');
    System.arraycopy(digits.getBytes(StandardCharsets.US_ASCII), 0, block, start, digits.length());
    block[offset + length - 1] = 0;
  }

  /// Ends the archive and closes what is under it.
  @Override
  public void close() throws IOException {
    out.write(new byte[2 * BLOCK]);
    out.close();
  }
}
