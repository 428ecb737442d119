package org.ongsung.server.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Reads a tar archive as [TarWriter] writes it, from one that is not trusted: every header's sum
/// is checked, names stay inside (no leading `/`, no `.` or `..`), and anything but folders and
/// regular files is refused. For one thread at a time.
public final class TarReader implements AutoCloseable {
  private static final int BLOCK = 512;

  private final InputStream in;
  private long left;
  private int padding;

  public TarReader(InputStream in) {
    this.in = in;
  }

  /// A folder or file of the archive.
  ///
  /// @param name relative, with `/` between its parts and none at its end
  public record Entry(String name, boolean isFolder, int mode, long size) {}

  /// The next entry, or null at the end. What of the one before was not read is skipped.
  public @Nullable Entry next() throws IOException {
    in.skipNBytes(left + padding);
    byte[] block = in.readNBytes(BLOCK);
    if (block.length < BLOCK) {
      throw new EOFException("the archive ends in the middle");
    }
    if (isZero(block)) {
      return null;
    }
    checkSum(block);
    char type = (char) block[156];
    if (type != '0' && type != '5') {
      throw new IOException("an entry is neither folder nor file");
    }
    left = size(block);
    padding = (int) ((BLOCK - left % BLOCK) % BLOCK);
    return new Entry(name(block), type == '5', (int) octal(block, 100, 8), left);
  }

  /// The next bytes of the entry, or -1 at its end.
  public int read(byte[] buffer) throws IOException {
    if (left == 0) {
      return -1;
    }
    int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
    if (n < 0) {
      throw new EOFException("the archive ends in the middle");
    }
    left -= n;
    return n;
  }

  private static boolean isZero(byte[] block) {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private static void checkSum(byte[] block) throws IOException {
    long sum = 8 * ' ';
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= 148 && i < 156 ? 0 : block[i] & 0xff;
    }
    if (sum != octal(block, 148, 8)) {
      throw new IOException("this is no tar archive, or it is damaged");
    }
  }

  private static String name(byte[] block) throws IOException {
    String name = text(block, 0, 100);
    String prefix = text(block, 345, 155);
    String whole = prefix.isEmpty() ? name : prefix + "/" + name;
    whole = whole.endsWith("/") ? whole.substring(0, whole.length() - 1) : whole;
    for (String part : whole.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..") || part.indexOf('\\') >= 0) {
        throw new IOException("a name leads out of the archive");
      }
    }
    return whole;
  }

  private static String text(byte[] block, int offset, int length) {
    int end = offset;
    while (end < offset + length && block[end] != 0) {
      end++;
    }
    return new String(block, offset, end - offset, StandardCharsets.UTF_8);
  }

  private static long size(byte[] block) throws IOException {
    if ((block[124] & 0x80) == 0) {
      return octal(block, 124, 12);
    }
    long size = block[124] & 0x7f;
    for (int i = 125; i < 136; i++) {
      if (size > Long.MAX_VALUE >>> 9) {
        throw new IOException("a size is out of range");
      }
      size = size << 8 | (block[i] & 0xff);
    }
    return size;
  }

  private static long octal(byte[] block, int offset, int length) throws IOException {
    long value = 0;
    for (int i = offset; i < offset + length; i++) {
      byte b = block[i];
      if (b == 0 || b == ' ') {
        continue;
      }
      if (b < '0' || b > '7') {
        throw new IOException("this is no tar archive, or it is damaged");
      }
      value = value << 3 | (b - '0');
    }
    return value;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
