package org.ongsung.recording;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/// The whole lines of a stream: what stands behind the last line feed is held back, and never given
/// if the stream ends there, as it does after a crash.
///
/// After its end a read tries again, for recordings that still grow. One thread at a time.
final class WholeLines extends InputStream {
  private static final int READ_BYTES = 16 << 10;
  // Ten times what the longest line of a recording can be.
  private static final int MAX_LINE_BYTES = 4 << 20;

  private final InputStream in;
  private final byte[] buffer = new byte[READ_BYTES];
  private final ByteArrayOutputStream partial = new ByteArrayOutputStream(256);
  private byte[] ready = new byte[0];
  private int readyAt;

  WholeLines(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (readyAt == ready.length) {
      if (!fill()) {
        return -1;
      }
    }
    int count = Math.min(length, ready.length - readyAt);
    System.arraycopy(ready, readyAt, bytes, offset, count);
    readyAt += count;
    return count;
  }

  private boolean fill() throws IOException {
    int count = in.read(buffer, 0, buffer.length);
    if (count < 0) {
      return false;
    }
    int end = count;
    while (end > 0 && buffer[end - 1] != '\n') {
      end--;
    }
    if (end > 0) {
      partial.write(buffer, 0, end);
      ready = partial.toByteArray();
      readyAt = 0;
      partial.reset();
    }
    partial.write(buffer, end, count - end);
    if (partial.size() > MAX_LINE_BYTES) {
      throw new IOException("a line of the recording is too long");
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
