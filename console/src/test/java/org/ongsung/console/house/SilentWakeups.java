package org.ongsung.console.house;

import java.time.Duration;
import java.time.Instant;
import org.ongsung.jobs.JobId;
import org.ongsung.jobs.Wakeups;
import org.ongsung.model.Name;

/// Calls nobody.
public final class SilentWakeups implements Wakeups {
  @Override
  public void start(Calls calls, Duration sweepEvery) {}

  @Override
  public void due(JobId job, Instant when) {}

  @Override
  public void make(Name schedule, Instant when) {}

  @Override
  public void forget(Name schedule) {}

  @Override
  public void close() {}
}
