package org.ongsung.gateway.terminal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/// What a person typed and nobody has taken yet, bounded by its bytes. For any threads.
///
/// The bound is kept by those who add: they [wait for room][#awaitRoom] before they read more from
/// the person, or ask for no more until they are told that there is [room again][Listener].
public final class TerminalInputQueue {
  /// How many bytes may wait before there is no room.
  public static final int MAX_BYTES = 65_536;

  static final int ENTRY_BYTES = 64;

  /// Told, on the thread that took something, that there is room again.
  @FunctionalInterface
  public interface Listener {
    void room();
  }

  private final Listener listener;
  private final ArrayDeque<TerminalInput> waiting = new ArrayDeque<>();
  private int bytes;
  private boolean left;
  private boolean hungUp;

  public TerminalInputQueue(Listener listener) {
    this.listener = listener;
  }

  /// Adds what came; of several sizes in a row the last counts. Does not block.
  public synchronized void add(TerminalInput input) {
    if (hungUp) {
      return;
    }
    if (input instanceof TerminalInput.Resized
        && waiting.peekLast() instanceof TerminalInput.Resized) {
      waiting.removeLast();
      bytes -= ENTRY_BYTES;
    }
    waiting.addLast(input);
    left |= input instanceof TerminalInput.Left;
    bytes += size(input);
    notifyAll();
  }

  private static int size(TerminalInput input) {
    return ENTRY_BYTES + (input instanceof TerminalInput.Typed typed ? typed.bytes().length : 0);
  }

  /// Whether more may be read from the person.
  public synchronized boolean hasRoom() {
    return bytes < MAX_BYTES || hungUp;
  }

  /// Waits until more may be read from the person, at most `longest`.
  ///
  /// @return whether it may
  public synchronized boolean awaitRoom(Duration longest) throws InterruptedException {
    long end = System.nanoTime() + longest.toNanos();
    for (long time = longest.toNanos(); !hasRoom() && time > 0; time = end - System.nanoTime()) {
      TimeUnit.NANOSECONDS.timedWait(this, time);
    }
    return hasRoom();
  }

  /// Waits until the person has left, whatever of theirs nobody has taken yet.
  public synchronized void awaitLeft() throws InterruptedException {
    while (!left && !hungUp) {
      wait();
    }
  }

  /// Takes the next. Blocks.
  public TerminalInput next() throws InterruptedException {
    TerminalInput next;
    synchronized (this) {
      while (waiting.isEmpty() && !hungUp) {
        wait();
      }
      next = hungUp ? new TerminalInput.Left() : waiting.removeFirst();
      if (hungUp) {
        return next;
      }
      boolean hadRoom = hasRoom();
      bytes -= size(next);
      if (next instanceof TerminalInput.Left) {
        hungUp = true; // nothing follows it
      }
      if (hadRoom || !hasRoom()) {
        return next;
      }
      notifyAll();
    }
    listener.room();
    return next;
  }

  /// Gives up what waits: the next is [TerminalInput.Left], now and for ever.
  public synchronized void hangUp() {
    hungUp = true;
    waiting.clear();
    bytes = 0;
    notifyAll();
  }
}
