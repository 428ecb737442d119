package org.ongsung.jobs;

import org.jspecify.annotations.Nullable;

/// Does jobs of one kind.
@FunctionalInterface
public interface JobWork {
  /// Does one, on a virtual thread of its own, which is interrupted when the work is to stop.
  ///
  /// @param destination the target, for kinds that have one
  /// @throws WorkFailedException when it does not succeed; any other exception counts as one that
  ///   may do better next time
  JobResult run(JobParameters parameters, @Nullable Destination destination, JobContext context)
      throws Exception;
}
