package org.ongsung.practice.shell;

import java.io.InputStream;
import java.util.Arrays;

/// `/dev/zero`: zero bytes without end.
final class Zeroes extends InputStream {
  @Override
  public int read() {
    return 0;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) {
    Arrays.fill(bytes, offset, offset + length, (byte) 0);
    return length;
  }
}
