package org.ongsung.jobs;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a worker asks for.
///
/// @param worker what it calls itself
/// @param node the gateway process that it runs in, or [Jobs#WORKER] and its name for a worker
///   elsewhere; null for one that nothing is meant for in particular
/// @param kinds what it serves
/// @param most how many jobs it has room for
/// @param token of the leases to come; the same when an answer was lost, else never used before
public record TakeRequest(
    String worker, @Nullable String node, Set<JobKind> kinds, int most, String token) {
  public TakeRequest {
    Lease.checkWorker(worker);
    Lease.checkToken(token);
    kinds = Set.copyOf(kinds);
    if (most < 1) {
      throw new IllegalArgumentException("a worker asks for at least one job");
    }
  }
}
