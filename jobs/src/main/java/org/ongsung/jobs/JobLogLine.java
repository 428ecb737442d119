package org.ongsung.jobs;

import java.time.Instant;

/// A line that a worker wrote about a job.
///
/// @param number from 1, over all attempts
/// @param text one line, plain
public record JobLogLine(int number, Instant at, int attempt, String text) {}
