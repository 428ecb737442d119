package org.ongsung.jobs;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.Name;

/// Makes the same job again and again.
///
/// @param node the gateway process whose workers run it; null for any worker
/// @param owner who set it up
/// @param active whether it makes jobs now
public record JobSchedule(
    Name name,
    JobParameters parameters,
    CronTimes times,
    ZoneId zone,
    @Nullable String node,
    String owner,
    boolean active) {

  /// When it makes a job next; empty when never or not active.
  public Optional<Instant> next(Instant after) {
    return active ? times.next(after, zone) : Optional.empty();
  }
}
