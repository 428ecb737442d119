package org.ongsung.gateway.files;

import java.time.Duration;

/// What bounds the access to files by way of pages and the API.
///
/// @param entries of a folder that are shown, inclusive
/// @param transfers reads and writes at once in one session, inclusive
/// @param pipeline requests of one transfer that wait for the target at once
/// @param answer how long the target may take to answer one request
/// @param uploadBytes the longest file that is taken, inclusive
/// @param perPerson sessions that one person may have open, inclusive
/// @param all sessions that all people may have open, inclusive
/// @param idle how long a session is kept with nobody asking for anything
public record FileLimits(
    int entries,
    int transfers,
    int pipeline,
    Duration answer,
    long uploadBytes,
    int perPerson,
    int all,
    Duration idle) {
  /// 5,000 entries, 8 transfers of 16 requests, 60 s, 1 TiB, 4 and 200 sessions, 5 minutes.
  public static final FileLimits DEFAULT =
      new FileLimits(5_000, 8, 16, Duration.ofSeconds(60), 1L << 40, 4, 200, Duration.ofMinutes(5));

  public FileLimits {
    if (entries < 1
        || transfers < 1
        || pipeline < 1
        || uploadBytes < 1
        || perPerson < 1
        || all < 1
        || !answer.isPositive()
        || !idle.isPositive()) {
      throw new IllegalArgumentException("file limits are positive");
    }
  }
}
