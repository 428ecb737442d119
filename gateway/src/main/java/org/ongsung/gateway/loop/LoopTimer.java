package org.ongsung.gateway.loop;

/// A task that an event loop will run once, later.
public final class LoopTimer implements Comparable<LoopTimer> {

  private final long dueNanos;
  private final long number;
  private final Runnable task;
  private volatile boolean cancelled;

  LoopTimer(long dueNanos, long number, Runnable task) {
    this.dueNanos = dueNanos;
    this.number = number;
    this.task = task;
  }

  /// Keeps the task from running, unless it has begun. May be called from any thread, and more than
  /// once.
  public void cancel() {
    cancelled = true;
  }

  boolean cancelled() {
    return cancelled;
  }

  long nanosUntilDue(long nowNanos) {
    return dueNanos - nowNanos;
  }

  Runnable task() {
    return task;
  }

  /// Sooner first; among equals, the one that was made first.
  @Override
  public int compareTo(LoopTimer other) {
    int byTime = Long.compare(dueNanos - other.dueNanos, 0);
    return byTime != 0 ? byTime : Long.compare(number, other.number);
  }
}
