package org.ongsung.console.services;

import java.io.Closeable;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.console.http.Reply;

/// As many streamed answers at once as the limits say: live views, recordings, exports, backups.
/// Whoever comes when all places are taken is told so before the first byte, with 503.
public final class StreamPlaces {
  private static final Duration RETRY = Duration.ofSeconds(10);

  private final Semaphore places;

  public StreamPlaces(ConsoleLimits limits) {
    this.places = new Semaphore(limits.streams());
  }

  /// The same writer, with a place for as long as it writes.
  public Reply.Writer holding(Reply.Writer writer) {
    return holding(writer, () -> {});
  }

  /// The same where something is open already.
  ///
  /// @param unread closed when there is no place, so that the writer never runs
  public Reply.Writer holding(Reply.Writer writer, Closeable unread) {
    return out -> {
      if (!places.tryAcquire()) {
        unread.close();
        throw full();
      }
      try {
        writer.writeTo(out);
      } finally {
        places.release();
      }
    };
  }

  static HttpProblem full() {
    return HttpProblem.busy(
        503, "too-busy", "too many live views and downloads are open; try again shortly", RETRY);
  }
}
