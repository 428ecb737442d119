package org.ongsung.jobs;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/// Counts what happens to jobs in this process.
final class JobCounts {
  private static final Duration FRESH = Duration.ofSeconds(5);

  private final JobStore store;
  private final InstantSource clock;
  private final AtomicReference<Open> newest =
      new AtomicReference<>(new Open(Instant.EPOCH, Map.of()));
  private final LongAdder submitted = new LongAdder();
  private final LongAdder retried = new LongAdder();
  private final LongAdder lost = new LongAdder();
  private final Map<JobState, LongAdder> ended = new EnumMap<>(JobState.class);

  private record Open(Instant at, Map<JobKind, Map<JobState, Integer>> jobs) {}

  JobCounts(JobStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
    for (JobState state : JobState.values()) {
      if (state.ended()) {
        ended.put(state, new LongAdder());
      }
    }
  }

  void submitted() {
    submitted.increment();
  }

  void retried() {
    retried.increment();
  }

  void lost() {
    lost.increment();
  }

  void ended(JobState state) {
    LongAdder adder = ended.get(state);
    if (adder != null) {
      adder.increment();
    }
  }

  /// Cheap: what is open is asked of the store every few seconds at most, and stays as it was where
  /// the store cannot be reached.
  JobFigures figures() {
    Map<JobState, Long> ends = new EnumMap<>(JobState.class);
    ended.forEach((state, adder) -> ends.put(state, adder.sum()));
    return new JobFigures(open(), submitted.sum(), ends, retried.sum(), lost.sum());
  }

  private Map<JobKind, Map<JobState, Integer>> open() {
    Instant now = clock.instant();
    Open known = newest.get();
    if (known.at().plus(FRESH).isAfter(now)) {
      return known.jobs();
    }
    try {
      Open fresh = new Open(now, store.counts());
      newest.set(fresh);
      return fresh.jobs();
    } catch (JobsUnavailableException e) {
      return known.jobs();
    }
  }
}
