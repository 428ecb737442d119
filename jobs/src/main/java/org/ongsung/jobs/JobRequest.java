package org.ongsung.jobs;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What somebody wants done.
///
/// @param notBefore null for now
/// @param deadline null for none
public record JobRequest(
    JobParameters parameters,
    Job.Origin origin,
    @Nullable Instant notBefore,
    @Nullable Instant deadline) {

  /// As soon as a worker is free, for `owner`.
  public static JobRequest now(JobParameters parameters, String owner) {
    return new JobRequest(parameters, new Job.Origin(owner, null, null, null), null, null);
  }

  /// The same, ended by `deadline` one way or another.
  public JobRequest by(Instant newDeadline) {
    return new JobRequest(parameters, origin, notBefore, newDeadline);
  }
}
