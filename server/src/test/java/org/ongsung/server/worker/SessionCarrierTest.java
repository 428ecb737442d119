package org.ongsung.server.worker;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class SessionCarrierTest {
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Logger log =
      ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(SessionCarrier.class);

  @BeforeEach
  void listen() {
    lines.start();
    log.addAppender(lines);
  }

  @AfterEach
  void stopListening() {
    log.detachAppender(lines);
  }

  @Test
  void itAsksAgainThoughAskingFailedInWaysThatNobodyForesaw() throws Exception {
    try (Faulty calls = new Faulty();
        SessionCarrier carrier = new SessionCarrier(calls, new Reach(List.of()))) {
      carrier.start();
      assertThat(calls.askedThrice.await(1, TimeUnit.MINUTES)).isTrue();
      assertThat(lines.list).as("a fault that goes on is said once a minute").hasSize(1);
    }
  }

  /// Fails in a way that no way to a gateway ought to, then in another.
  private static final class Faulty extends GatewayCalls {
    final CountDownLatch askedThrice = new CountDownLatch(3);
    private final AtomicInteger asked = new AtomicInteger();

    Faulty() {
      super(URI.create("http://127.0.0.1"), Path.of("none"), Optional.empty());
    }

    @Override
    Answer call(String method, String path, String contentType, byte[] body, Duration longest) {
      askedThrice.countDown();
      if (asked.incrementAndGet() == 1) {
        throw new IllegalStateException("a fault inside");
      }
      throw new AssertionError("a fault that a check found");
    }
  }
}
