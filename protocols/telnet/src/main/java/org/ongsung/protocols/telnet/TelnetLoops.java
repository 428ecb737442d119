package org.ongsung.protocols.telnet;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// The event loops that the Telnet connections of this process share.
final class TelnetLoops implements AutoCloseable {
  private static final Duration JOIN = Duration.ofSeconds(10);

  private final List<TelnetLoop> loops;
  private final AtomicInteger turn = new AtomicInteger();

  /// Makes so many and starts their threads.
  TelnetLoops(int count) {
    this.loops = IntStream.range(0, count).mapToObj(TelnetLoop::new).toList();
    loops.forEach(TelnetLoop::start);
  }

  TelnetLoop next() {
    return loops.get(Math.floorMod(turn.getAndIncrement(), loops.size()));
  }

  /// Ends the threads; connections should have been closed before.
  @Override
  public void close() {
    loops.forEach(TelnetLoop::stop);
    try {
      for (TelnetLoop loop : loops) {
        loop.join(JOIN);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
