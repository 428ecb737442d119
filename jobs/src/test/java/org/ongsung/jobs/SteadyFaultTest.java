package org.ongsung.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class SteadyFaultTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - Duration.ofHours(1).toNanos());
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final ch.qos.logback.classic.Logger log =
      ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger("a steady fault");
  private final SteadyFault fault = new SteadyFault(log, "asking failed", nanos::get);

  @BeforeEach
  void listen() {
    lines.start();
    log.addAppender(lines);
  }

  @AfterEach
  void stopListening() {
    log.detachAppender(lines);
  }

  private void happensEachSecond(int times) {
    for (int i = 0; i < times; i++) {
      fault.happened(new IllegalStateException("broken"));
      nanos.addAndGet(SECOND.toNanos());
    }
  }

  private List<String> said() {
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void theFirstIsSaidWholeAndTheOthersOnceAMinuteWithTheirNumber() {
    happensEachSecond(1);
    assertThat(said()).containsExactly("asking failed");
    assertThat(lines.list.getFirst().getThrowableProxy().getMessage()).isEqualTo("broken");
    happensEachSecond(59);
    assertThat(said()).hasSize(1);
    happensEachSecond(1);
    String next =
        "asking failed, 60 times since this was said: java.lang.IllegalStateException: broken";
    assertThat(said()).containsExactly("asking failed", next);
    assertThat(lines.list.getLast().getThrowableProxy()).isNull();
    happensEachSecond(60);
    assertThat(said()).containsExactly("asking failed", next, next);
  }

  @Test
  void itsEndIsSaidOnce() {
    fault.isOver();
    assertThat(said()).isEmpty();
    happensEachSecond(3);
    fault.isOver();
    fault.isOver();
    assertThat(said()).containsExactly("asking failed", "no more: asking failed");
  }

  @Test
  void whatComesAndGoesIsSaidNoMoreOften() {
    for (int second = 0; second < 120; second++) {
      happensEachSecond(1);
      fault.isOver();
    }
    assertThat(said())
        .containsExactly(
            "asking failed", "no more: asking failed", "asking failed", "no more: asking failed");
  }
}
