package org.ongsung.gateway;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells when the wall clock was set: it compares the clock with the monotonic one.
///
/// Durations and limits never depend on the wall clock; the ledger's times do, and so a reader must
/// know where they jump. For one thread at a time.
final class ClockWatch {
  private static final Logger LOG = LoggerFactory.getLogger(ClockWatch.class);

  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final Duration step;
  private final Consumer<AuditEvent> ledger;
  private Instant seen;
  private long seenNanos;

  ClockWatch(
      InstantSource clock, LongSupplier nanoTime, Duration step, Consumer<AuditEvent> ledger) {
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.step = step;
    this.ledger = ledger;
    this.seen = clock.instant();
    this.seenNanos = nanoTime.getAsLong();
  }

  /// Compares with the look before.
  void look() {
    Instant now = clock.instant();
    long nanos = nanoTime.getAsLong();
    Instant expected = seen.plusNanos(nanos - seenNanos);
    Duration stepped = Duration.between(expected, now);
    seen = now;
    seenNanos = nanos;
    if (stepped.abs().compareTo(step) > 0) {
      LOG.warn("the clock was set by {}", stepped);
      ledger.accept(
          new AuditEvent(
              now,
              AuditCode.CLOCK_STEPPED,
              AuditEvent.SYSTEM,
              "",
              null,
              "clock",
              Map.of("expected", expected.toString(), "milliseconds", "" + stepped.toMillis())));
    }
  }
}
