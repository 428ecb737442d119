package org.ongsung.gateway;

import java.time.Duration;
import java.util.ArrayDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes what must be written even if not now: the ends of sessions and the failures of records,
/// again and again until the ledger and the store take them.
///
/// What still waits when the process ends is lost from here, but not from the record: the next
/// start finds the sessions open and closes them as interrupted.
final class LateWrites implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LateWrites.class);

  private record Write(String what, Runnable write) {}

  private final int limit;
  private final Duration pause;
  private final ArrayDeque<Write> waiting = new ArrayDeque<>();
  private final Thread writer;
  private boolean closed;

  LateWrites(int limit, Duration pause) {
    this.limit = limit;
    this.pause = pause;
    this.writer = Thread.ofVirtual().name("late-writes").start(this::run);
  }

  /// Tries `write` now, on the caller's thread, and later again if it throws.
  ///
  /// @return whether it was written now
  boolean write(String what, Runnable write) {
    try {
      write.run();
      return true;
    } catch (RuntimeException | Error e) { // whatever it is may end
      LOG.error("{} cannot be written now; it will be tried again", what, e);
      synchronized (waiting) {
        if (waiting.size() >= limit) {
          LOG.error("too much waits to be written; {} is given up", what);
        } else {
          waiting.addLast(new Write(what, write));
          waiting.notifyAll();
        }
      }
      return false;
    }
  }

  /// How many entries wait.
  int size() {
    synchronized (waiting) {
      return waiting.size();
    }
  }

  private void run() {
    try {
      while (true) {
        Write next;
        synchronized (waiting) {
          while (waiting.isEmpty() && !closed) {
            waiting.wait();
          }
          if (closed) {
            return;
          }
          next = waiting.getFirst();
        }
        if (tried(next)) {
          synchronized (waiting) {
            waiting.removeFirst();
          }
        } else {
          Thread.sleep(pause);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean tried(Write write) {
    try {
      write.write().run();
      LOG.info("{} was written late", write.what());
      return true;
    } catch (RuntimeException | Error e) {
      LOG.debug("{} still cannot be written", write.what(), e);
      return false;
    }
  }

  /// Tries what waits once more, then stops.
  @Override
  public void close() {
    synchronized (waiting) {
      closed = true;
      waiting.notifyAll();
    }
    writer.interrupt();
    try {
      writer.join(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (waiting) {
      for (Write write : waiting) {
        if (!tried(write)) {
          LOG.error("{} was never written; the next start will tell of it", write.what());
        }
      }
      waiting.clear();
    }
  }
}
