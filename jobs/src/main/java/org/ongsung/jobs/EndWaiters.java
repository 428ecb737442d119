package org.ongsung.jobs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Those who wait for jobs to end. A waiter holds a latch and nothing else: no connection, no lock,
/// no thread of a pool.
///
/// An end in this process opens the latch at once. Ends in other processes are looked for by one
/// thread for all waiters together, which is there only while somebody waits.
final class EndWaiters {
  private static final Logger LOG = LoggerFactory.getLogger(EndWaiters.class);
  private static final int ASKED_AT_ONCE = 500;

  private final Map<JobId, Waiting> waiting = new ConcurrentHashMap<>();
  private final Function<List<JobId>, Set<JobId>> endedAmong;
  private final Duration lookAgain;
  private final Semaphore places;
  private final AtomicBoolean looking = new AtomicBoolean();
  private final SteadyFault fault =
      new SteadyFault(LOG, "the ends of jobs could not be looked for");

  private record Waiting(CountDownLatch end, int waiters) {}

  /// @param most how many may wait at once
  EndWaiters(Function<List<JobId>, Set<JobId>> endedAmong, Duration lookAgain, int most) {
    this.endedAmong = endedAmong;
    this.lookAgain = lookAgain;
    this.places = new Semaphore(most);
  }

  /// One wait, from before its condition is looked at.
  final class Place implements AutoCloseable {
    private final JobId job;
    private final CountDownLatch end;

    private Place(JobId job, CountDownLatch end) {
      this.job = job;
      this.end = end;
    }

    /// Waits for the end, at most so long.
    void await(Duration longest) throws InterruptedException {
      boolean _ = end.await(longest.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
      waiting.computeIfPresent(
          job, (_, now) -> now.waiters() == 1 ? null : new Waiting(now.end(), now.waiters() - 1));
      places.release();
    }
  }

  /// A place to wait for `job`; null when all are taken.
  @Nullable Place take(JobId job) {
    if (!places.tryAcquire()) {
      return null;
    }
    Waiting now =
        waiting.compute(
            job,
            (_, before) ->
                before == null
                    ? new Waiting(new CountDownLatch(1), 1)
                    : new Waiting(before.end(), before.waiters() + 1));
    if (looking.compareAndSet(false, true)) {
      Thread.ofVirtual().name("job-ends").start(this::look);
    }
    return new Place(job, now.end());
  }

  /// Wakes whoever waits for `job`.
  void ended(JobId job) {
    Waiting there = waiting.get(job);
    if (there != null) {
      there.end().countDown();
    }
  }

  private void look() {
    try {
      while (!waiting.isEmpty()) {
        Thread.sleep(lookAgain);
        ask();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      looking.set(false);
    }
    // Somebody may have come between the last look and the flag.
    if (!waiting.isEmpty() && looking.compareAndSet(false, true)) {
      Thread.ofVirtual().name("job-ends").start(this::look);
    }
  }

  private void ask() {
    List<JobId> all = new ArrayList<>(waiting.keySet());
    for (int from = 0; from < all.size(); from += ASKED_AT_ONCE) {
      List<JobId> some = all.subList(from, Math.min(all.size(), from + ASKED_AT_ONCE));
      try {
        Set<JobId> ended = endedAmong.apply(some);
        fault.isOver();
        ended.forEach(this::ended);
      } catch (JobsUnavailableException e) {
        LOG.debug("the ends of jobs could not be looked for", e);
        return;
      } catch (RuntimeException | Error e) {
        // Whatever is wrong with the store may end; a search that has stopped leaves all waiting.
        fault.happened(e);
        return;
      }
    }
  }
}
