package org.ongsung.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.ongsung.testkit.Deadlines;
import org.slf4j.LoggerFactory;

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

  @Test
  void aSteadyFaultIsSaidOnceAndThatItIsOver() throws Exception {
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    Logger log = ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(EndWaiters.class);
    log.addAppender(lines);
    for (int i = 0; i < 5; i++) {
      faults.add(() -> new IllegalStateException("a fault inside"));
    }
    try (EndWaiters.Place place = waiters.take(JOB)) {
      assertThat(place).isNotNull();
      place.await(Deadlines.ACTION);
    } finally {
      log.detachAppender(lines);
    }
    String what = "the ends of jobs could not be looked for";
    assertThat(lines.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly(what, "no more: " + what);
  }
}
