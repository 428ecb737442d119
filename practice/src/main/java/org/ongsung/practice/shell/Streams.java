package org.ongsung.practice.shell;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// A command's standard streams.
record Streams(InputStream in, OutputStream out, OutputStream err) {
  Streams withIn(InputStream other) {
    return new Streams(other, out, err);
  }

  Streams withOut(OutputStream other) {
    return new Streams(in, other, err);
  }

  Streams withErr(OutputStream other) {
    return new Streams(in, out, other);
  }

  /// A stream of the job: it stops writing when the job is interrupted or has written too much, and
  /// closing it closes nothing, since the channel outlives its commands.
  static OutputStream guarded(OutputStream out, Job job, long maxBytes) {
    return new OutputStream() {
      private long written;

      @Override
      public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        job.check();
        written += length;
        if (written > maxBytes) {
          throw new IOException("more than " + maxBytes + " bytes of output");
        }
        out.write(bytes, offset, length);
      }

      @Override
      public void flush() throws IOException {
        out.flush();
      }
    };
  }
}
