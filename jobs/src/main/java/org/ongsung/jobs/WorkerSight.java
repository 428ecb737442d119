package org.ongsung.jobs;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// When a worker last asked for jobs, and what it serves.
///
/// @param node as in [TakeRequest#node]
/// @param kinds its features: what it can do
/// @param at up to half a minute earlier than it was
public record WorkerSight(String worker, @Nullable String node, Set<JobKind> kinds, Instant at) {
  public WorkerSight {
    Lease.checkWorker(worker);
    kinds = Set.copyOf(kinds);
  }
}
