package org.ongsung.practice;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/// Reads lines byte by byte, so that what a command of a script wants to read itself is still there
/// for it.
final class LineBytes {
  private final InputStream in;
  private final byte[] bytes;

  LineBytes(InputStream in, int maxBytes) {
    this.in = in;
    this.bytes = new byte[maxBytes];
  }

  /// Appends the next line without its end; false at the end of the input. A line longer than the
  /// limit is an error.
  boolean next(StringBuilder line) throws IOException {
    int length = 0;
    int octet = in.read();
    boolean any = octet >= 0;
    while (octet >= 0 && octet != '\n') {
      if (length == bytes.length) {
        throw new IOException("a line is longer than " + bytes.length + " bytes");
      }
      bytes[length++] = (byte) octet;
      octet = in.read();
    }
    line.append(new String(bytes, 0, length, StandardCharsets.UTF_8));
    return any;
  }
}
