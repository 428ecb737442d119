package org.ongsung.jobs;

import java.util.Map;

/// What the queue counts, since the start of this process but for `open`.
///
/// @param open how many jobs of each kind stand in each state that is not an end, over all
///   processes
/// @param submitted jobs made here
/// @param ended attempts here that ended a job, by the state it ended in
/// @param retried attempts here that will be followed by another
/// @param lost workers here that fell silent with a job
public record JobFigures(
    Map<JobKind, Map<JobState, Integer>> open,
    long submitted,
    Map<JobState, Long> ended,
    long retried,
    long lost) {}
