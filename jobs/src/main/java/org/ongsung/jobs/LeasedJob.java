package org.ongsung.jobs;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A job as a worker gets it: all that it needs, and nothing to look up.
///
/// @param token of the lease; stands in everything that the worker says of the job
/// @param attempt which one this will be, from 1
/// @param renewEvery how often to tell that the work goes on
/// @param longest how long the attempt may run
/// @param destination the target, for kinds that have one
public record LeasedJob(
    JobId id,
    JobParameters parameters,
    String token,
    int attempt,
    Instant leasedUntil,
    Duration renewEvery,
    Duration longest,
    @Nullable Destination destination) {}
