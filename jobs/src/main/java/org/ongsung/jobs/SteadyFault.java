package org.ongsung.jobs;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/// A fault that may come again and again, in the log: whole when it begins, then at most once a
/// minute with how often it came, and once when it is over. One that comes and goes all the time
/// says no more than that either.
///
/// For any thread.
public final class SteadyFault {
  private static final Duration BETWEEN = Duration.ofMinutes(1);

  private final Logger log;
  private final String what;
  private final LongSupplier nanoTime;
  private boolean told;
  private long unsaid;
  private long notBeforeNanos;

  /// @param what happens each time, in a few words
  public SteadyFault(Logger log, String what) {
    this(log, what, System::nanoTime);
  }

  SteadyFault(Logger log, String what, LongSupplier nanoTime) {
    this.log = log;
    this.what = what;
    this.nanoTime = nanoTime;
    this.notBeforeNanos = nanoTime.getAsLong();
  }

  /// It happened.
  public synchronized void happened(Throwable fault) {
    long now = nanoTime.getAsLong();
    unsaid++;
    if (now - notBeforeNanos < 0) {
      return;
    }
    if (told) {
      log.error("{}, {} times since this was said: {}", what, unsaid, fault.toString());
    } else {
      log.error("{}", what, fault);
    }
    told = true;
    unsaid = 0;
    notBeforeNanos = now + BETWEEN.toNanos();
  }

  /// It did not happen this time.
  public synchronized void isOver() {
    if (told) {
      log.warn("no more: {}", what); // whoever sees that it began sees that it ended
    }
    told = false;
  }
}
