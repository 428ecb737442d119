package org.ongsung.jobs;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.Name;

/// What jobs to look for, newest first; null and empty mean any.
///
/// @param before only jobs with a smaller id: where the page before ended
/// @param limit 1 to 1,000
public record JobSearch(
    Set<JobState> states,
    Set<JobKind> kinds,
    @Nullable String owner,
    @Nullable Name schedule,
    @Nullable JobId before,
    int limit) {
  /// The most jobs of one page, inclusive.
  public static final int MAX_LIMIT = 1_000;

  public JobSearch {
    states = Set.copyOf(states);
    kinds = Set.copyOf(kinds);
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException("limit is 1 to 1000");
    }
  }

  /// The newest of any kind.
  public static JobSearch newest(int limit) {
    return new JobSearch(Set.of(), Set.of(), null, null, null, limit);
  }
}
