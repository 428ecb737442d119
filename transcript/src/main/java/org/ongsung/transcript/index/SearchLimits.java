package org.ongsung.transcript.index;

import java.time.Duration;

/// What bounds searching and indexing.
///
/// @param deadline how long one search may take before it gives what it has
/// @param candidates how many lines one search may look at, inclusive
/// @param searches how many searches run at once, inclusive; more wait
/// @param waiting how long they wait before they are turned away
/// @param grams how many grams narrow a search, inclusive: the rarest ones
/// @param batchLines lines read from the database at once
/// @param look how often the database is asked for new lines
/// @param commitLines lines between two commits of the index
/// @param commit time between two commits of the index
/// @param bufferMegabytes memory of an index that is being written
public record SearchLimits(
    Duration deadline,
    int candidates,
    int searches,
    Duration waiting,
    int grams,
    int batchLines,
    Duration look,
    int commitLines,
    Duration commit,
    int bufferMegabytes) {
  /// 1.5 s; 3,000,000 lines; 4 at once, waiting 3 s; 4 grams; 1,000 lines each second; commits
  /// after 200,000 lines or 30 s; 32 MB.
  public static final SearchLimits DEFAULT =
      new SearchLimits(
          Duration.ofMillis(1_500),
          3_000_000,
          4,
          Duration.ofSeconds(3),
          4,
          1_000,
          Duration.ofSeconds(1),
          200_000,
          Duration.ofSeconds(30),
          32);

  public SearchLimits {
    if (!deadline.isPositive()
        || candidates < 1
        || searches < 1
        || grams < 1
        || batchLines < 1
        || !look.isPositive()
        || commitLines < 1
        || !commit.isPositive()
        || bufferMegabytes < 1) {
      throw new IllegalArgumentException("limits of searches are positive");
    }
  }
}
