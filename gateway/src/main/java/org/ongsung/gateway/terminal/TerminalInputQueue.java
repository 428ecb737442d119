package org.ongsung.gateway.terminal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

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
  // Not a monitor: waking a virtual thread from one costs a thread of the machine's in between.
  private final ReentrantLock lock = new ReentrantLock();
  // Apart, so that a key wakes nobody but who takes it.
  private final Condition came = lock.newCondition();
  private final Condition roomCame = lock.newCondition();
  private final Condition over = lock.newCondition();
  // Guarded by the lock.
  private final ArrayDeque<TerminalInput> waiting = new ArrayDeque<>();
  private int bytes;
  private boolean left;
  private boolean hungUp;

  public TerminalInputQueue(Listener listener) {
    this.listener = listener;
  }

  /// Adds what came; of several sizes in a row the last counts. Does not block.
  public void add(TerminalInput input) {
    lock.lock();
    try {
      if (hungUp) {
        return;
      }
      if (input instanceof TerminalInput.Resized
          && waiting.peekLast() instanceof TerminalInput.Resized) {
        waiting.removeLast();
        bytes -= ENTRY_BYTES;
      }
      waiting.addLast(input);
      bytes += size(input);
      came.signal();
      if (input instanceof TerminalInput.Left) {
        left = true;
        over.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private static int size(TerminalInput input) {
    return ENTRY_BYTES + (input instanceof TerminalInput.Typed typed ? typed.bytes().length : 0);
  }

  /// Whether more may be read from the person.
  public boolean hasRoom() {
    lock.lock();
    try {
      return bytes < MAX_BYTES || hungUp;
    } finally {
      lock.unlock();
    }
  }

  /// Waits until more may be read from the person, at most `longest`.
  ///
  /// @return whether it may
  public boolean awaitRoom(Duration longest) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long remaining = longest.toNanos();
      while (!hasRoom() && remaining > 0) {
        remaining = roomCame.awaitNanos(remaining);
      }
      return hasRoom();
    } finally {
      lock.unlock();
    }
  }

  /// Waits until the person has left, whatever of theirs nobody has taken yet.
  public void awaitLeft() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!left && !hungUp) {
        over.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Takes the next. Blocks.
  public TerminalInput next() throws InterruptedException {
    Taken taken;
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty() && !hungUp) {
        came.await();
      }
      taken = take();
    } finally {
      lock.unlock();
    }
    return told(taken);
  }

  /// Takes the next, if there is one. Does not block.
  public @Nullable TerminalInput poll() {
    Taken taken;
    lock.lock();
    try {
      if (waiting.isEmpty() && !hungUp) {
        return null;
      }
      taken = take();
    } finally {
      lock.unlock();
    }
    return told(taken);
  }

  /// @param madeRoom whether there was no room before it was taken, and is now
  private record Taken(TerminalInput input, boolean madeRoom) {}

  private Taken take() {
    if (hungUp) {
      return new Taken(new TerminalInput.Left(), false);
    }
    boolean hadRoom = hasRoom();
    TerminalInput next = waiting.removeFirst();
    bytes -= size(next);
    if (next instanceof TerminalInput.Left) {
      hungUp = true; // nothing follows it
    }
    boolean madeRoom = !hadRoom && hasRoom();
    if (madeRoom) {
      roomCame.signalAll();
    }
    return new Taken(next, madeRoom);
  }

  private TerminalInput told(Taken taken) {
    if (taken.madeRoom()) {
      listener.room();
    }
    return taken.input();
  }

  /// Gives up what waits: the next is [TerminalInput.Left], now and for ever.
  public void hangUp() {
    lock.lock();
    try {
      hungUp = true;
      waiting.clear();
      bytes = 0;
      came.signalAll();
      roomCame.signalAll();
      over.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
