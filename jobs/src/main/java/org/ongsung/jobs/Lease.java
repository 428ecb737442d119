package org.ongsung.jobs;

import java.time.Instant;
import java.util.regex.Pattern;

/// A worker's right to a job for a while.
///
/// The token fences: whatever a worker says of a job counts only with the token of the lease that
/// the job has then. The worker makes it up, so that it can ask again after a lost answer and get
/// the same jobs.
///
/// @param worker what it calls itself
/// @param token 16 to 64 of `A-Z a-z 0-9 _ -`; for a single taking
/// @param takenAt when
/// @param until from then on the worker counts as lost
public record Lease(String worker, String token, Instant takenAt, Instant until) {
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{16,64}");
  private static final int MAX_WORKER_CHARACTERS = 100;

  public Lease {
    checkWorker(worker);
    checkToken(token);
  }

  static void checkWorker(String worker) {
    if (worker.isEmpty()
        || worker.length() > MAX_WORKER_CHARACTERS
        || worker.codePoints().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "a worker's name has 1 to 100 characters and no control characters");
    }
  }

  static void checkToken(String token) {
    if (!TOKEN.matcher(token).matches()) {
      throw new IllegalArgumentException("a lease's token is 16 to 64 of A-Z a-z 0-9 _ -");
    }
  }

  /// The same, held longer.
  Lease longer(Instant newUntil) {
    return new Lease(worker, token, takenAt, newUntil);
  }
}
