package org.ongsung.protocols.ssh.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.SplittableRandom;
import java.util.zip.CRC32;

/// Bytes that look random and are the same each time.
final class Pattern {

  private static final int BLOCK = 65_521;

  private Pattern() {}

  static byte[] block(long number) {
    byte[] block = new byte[BLOCK];
    new SplittableRandom(number).nextBytes(block);
    return block;
  }

  static void write(OutputStream out, long count) throws IOException {
    long left = count;
    for (long number = 0; left > 0; number++) {
      int n = (int) Math.min(left, BLOCK);
      out.write(block(number), 0, n);
      left -= n;
    }
  }

  /// Count and CRC-32 of all that a stream brings.
  static String summary(InputStream in) throws IOException {
    CRC32 crc = new CRC32();
    long count = 0;
    byte[] buffer = new byte[65_536];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      crc.update(buffer, 0, n);
      count += n;
    }
    return count + " " + Long.toHexString(crc.getValue());
  }

  /// What [#summary] says of `count` bytes of the pattern.
  static String summary(long count) throws IOException {
    CRC32 crc = new CRC32();
    write(
        new OutputStream() {
          @Override
          public void write(int b) {
            crc.update(b);
          }

          @Override
          public void write(byte[] bytes, int offset, int length) {
            crc.update(bytes, offset, length);
          }
        },
        count);
    return count + " " + Long.toHexString(crc.getValue());
  }
}
