package org.ongsung.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.ongsung.testkit.Deadlines;

class EndWaitersTest {
  private static final JobId JOB = JobId.create(Instant.EPOCH);

  private final Queue<Supplier<Throwable>> faults = new ConcurrentLinkedQueue<>();
  private final EndWaiters waiters = new EndWaiters(this::ended, Duration.ofMillis(1), 1);

  /// Fails as it is told, then finds that all have ended.
  private Set<JobId> ended(List<JobId> among) {
    Supplier<Throwable> fault = faults.poll();
    return switch (fault == null ? null : fault.get()) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case null, default -> Set.copyOf(among);
    };
  }

  @Test
  void anEndElsewhereIsFoundThoughTheStoreFailedInWaysThatNobodyForesaw() throws Exception {
    faults.add(() -> new IllegalStateException("a fault inside"));
    faults.add(() -> new AssertionError("a fault that a check found"));
    faults.add(() -> new JobsUnavailableException("away", null));
    try (EndWaiters.Place place = waiters.take(JOB)) {
      assertThat(place).isNotNull();
      place.await(Deadlines.ACTION);
    }
    assertThat(faults).as("whoever looks has stopped before it found the end").isEmpty();
  }
}
