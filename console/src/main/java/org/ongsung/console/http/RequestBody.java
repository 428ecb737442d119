package org.ongsung.console.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Blocker;
import org.jspecify.annotations.Nullable;

/// The body of a request, read once and waited for as it comes. To close it before its end only
/// lets go of what has been read: the rest is still there for [UnreadBodies], which a stream of
/// Jetty's own would have cut off.
///
/// For one thread, which ought to be a virtual one.
final class RequestBody extends InputStream {
  private final Content.Source source;
  private Content.@Nullable Chunk chunk;
  private boolean ended;

  RequestBody(Content.Source source) {
    this.source = source;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length == 0) {
      return 0;
    }
    while (!ended) {
      Content.Chunk now = chunk == null ? next() : chunk;
      chunk = now;
      int read = now.get(into, offset, length);
      if (!now.hasRemaining()) {
        ended = now.isLast();
        close();
      }
      if (read > 0) {
        return read;
      }
    }
    return -1;
  }

  private Content.Chunk next() throws IOException {
    while (true) {
      Content.Chunk next = source.read();
      if (next == null) {
        try (Blocker.Runnable wake = Blocker.runnable()) {
          source.demand(wake);
          wake.block();
        }
      } else if (Content.Chunk.isFailure(next)) {
        throw new IOException(next.getFailure());
      } else {
        return next;
      }
    }
  }

  @Override
  public void close() {
    Content.Chunk held = chunk;
    chunk = null;
    if (held != null) {
      held.release();
    }
  }
}
