package org.ongsung.console.http;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.ongsung.model.GuardedLock;

/// Where requests from outside are let in, as many at once as are answered quickly; the others wait
/// in the order they came, for a moment, and are turned away before any work was done for them.
///
/// Only requests of depth 0 come through a door. What they ask of the system itself goes in process
/// and past every door, so that nobody here waits for a place that their own ancestor holds.
/// Whoever waits for something else than the processor or the database, as for a worker's answer,
/// [rests][Visit#rest] meanwhile and takes no place; and whoever has been let in once is never
/// turned away afterwards.
///
/// How many are quick is found out: each that was answered in less than [DoorLimits#slow] while all
/// places were taken makes one place more, a slow one takes away a quarter of them, at most once in
/// that time.
///
/// Threads: any; waiting parks the caller's thread, which ought to be a virtual one.
public final class Door {
  private static final double FEWER = 0.75;
  private static final Duration RETRY = Duration.ofSeconds(2);

  private final DoorLimits limits;
  private final LongSupplier nanoTime;
  private final GuardedLock lock = new GuardedLock();
  private final Deque<Waiter> line = new ArrayDeque<>();
  private int places;
  private int inside;
  private long fewerSince;
  private long turnedAway;

  /// @param nanoTime as [System#nanoTime]
  public Door(DoorLimits limits, LongSupplier nanoTime) {
    this.limits = limits;
    this.nanoTime = nanoTime;
    this.places = Math.min(limits.mostAtOnce(), 2 * limits.leastAtOnce());
    this.fewerSince = nanoTime.getAsLong();
  }

  /// What a door counts, at one moment.
  ///
  /// @param turnedAway since the start
  public record Figures(int places, int inside, int waiting, long turnedAway) {}

  /// Comes in, at once or after a wait of at most [DoorLimits#patience].
  ///
  /// @return to be closed when the request has been answered
  /// @throws HttpProblem 503 with `Retry-After` when there was no place
  public Visit enter() throws InterruptedException {
    Waiter waiter;
    lock.lock();
    try {
      if (inside < places && line.isEmpty()) {
        inside++;
        return new Visit();
      }
      if (line.size() >= limits.waiting()) {
        turnedAway++;
        throw tooBusy();
      }
      waiter = new Waiter(Thread.currentThread());
      line.addLast(waiter);
    } finally {
      lock.unlock();
    }
    await(waiter);
    return new Visit();
  }

  private void await(Waiter waiter) throws InterruptedException {
    long until = System.nanoTime() + limits.patience().toNanos();
    while (!waiter.called) {
      long left = until - System.nanoTime();
      boolean interrupted = Thread.interrupted();
      if (interrupted || left <= 0) {
        if (giveUp(waiter)) {
          if (interrupted) {
            throw new InterruptedException();
          }
          throw tooBusy();
        }
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
        return;
      }
      LockSupport.parkNanos(this, left);
    }
  }

  /// Leaves the line, unless the waiter has been called in meanwhile.
  private boolean giveUp(Waiter waiter) {
    lock.lock();
    try {
      if (waiter.called) {
        return false;
      }
      // Who has waited for as long as this stands near the front, so the search is short.
      line.removeFirstOccurrence(waiter);
      turnedAway++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private HttpProblem tooBusy() {
    return HttpProblem.busy(
        503, "door-full", "too many requests at this moment; try again shortly", RETRY);
  }

  /// Somebody left or rests: calls in as many as there are places for.
  private void leave() {
    lock.lock();
    try {
      inside--;
      callIn();
    } finally {
      lock.unlock();
    }
  }

  private void callIn() {
    while (inside < places) {
      Waiter next = line.pollFirst();
      if (next == null) {
        return;
      }
      inside++;
      next.called = true;
      LockSupport.unpark(next.thread);
    }
  }

  private void comeBack() {
    lock.lock();
    try {
      inside++;
    } finally {
      lock.unlock();
    }
  }

  private void learn(long workedNanos) {
    lock.lock();
    try {
      long now = nanoTime.getAsLong();
      boolean full = inside >= places;
      if (workedNanos > limits.slow().toNanos()) {
        if (full && now - fewerSince > limits.slow().toNanos()) {
          places = Math.max(limits.leastAtOnce(), (int) (places * FEWER));
          fewerSince = now;
        }
      } else if (full) {
        places = Math.min(limits.mostAtOnce(), places + 1);
      }
    } finally {
      lock.unlock();
    }
  }

  /// What it counts now.
  public Figures figures() {
    lock.lock();
    try {
      return new Figures(places, inside, line.size(), turnedAway);
    } finally {
      lock.unlock();
    }
  }

  private static final class Waiter {
    final Thread thread;
    volatile boolean called;

    Waiter(Thread thread) {
      this.thread = thread;
    }
  }

  /// A request that has been let in. For the request's own thread.
  public final class Visit implements Place, AutoCloseable {
    private long workedNanos;
    private long since = nanoTime.getAsLong();
    private boolean resting;

    private Visit() {}

    @Override
    public <T> T rest(Rest<T> rest) throws IOException, InterruptedException {
      if (resting) {
        return rest.take();
      }
      resting = true;
      workedNanos += nanoTime.getAsLong() - since;
      leave();
      try {
        return rest.take();
      } finally {
        comeBack();
        since = nanoTime.getAsLong();
        resting = false;
      }
    }

    @Override
    public void close() {
      learn(workedNanos + nanoTime.getAsLong() - since);
      leave();
    }
  }
}
