package org.ongsung.server.running;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What was opened so far, to be closed in the other order. For one thread at a time.
final class Opened implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Opened.class);

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  /// Remembers to close `what`.
  <T extends AutoCloseable> T add(T what) {
    opened.push(what);
    return what;
  }

  /// Closes everything, also when some of it fails.
  @Override
  public void close() {
    while (!opened.isEmpty()) {
      AutoCloseable next = opened.pop();
      try {
        next.close();
      } catch (Exception e) {
        LOG.error("{} did not close cleanly", next.getClass().getSimpleName(), e);
      }
    }
  }
}
