package org.ongsung.jobs;

import java.time.Instant;
import org.ongsung.model.SessionId;

/// Names a job for good; of the same shape as a [SessionId], so that ids sort by when jobs were
/// made.
public record JobId(String value) implements Comparable<JobId> {
  public JobId {
    value = new SessionId(value).value();
  }

  /// A new id for a job that is made at `now`.
  public static JobId create(Instant now) {
    return new JobId(SessionId.create(now).value());
  }

  @Override
  public int compareTo(JobId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
