package org.ongsung.jobs;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.ongsung.model.Name;

/// Calls at times that are kept in the database, each by one of the processes that share it.
///
/// For any thread; calls come on threads of its own.
public interface Wakeups extends AutoCloseable {
  /// What is done at the times.
  interface Calls {
    /// Looks for lost workers, passed deadlines and old jobs.
    void sweep();

    /// Some job may be due.
    void due();

    /// Makes the next job of a schedule.
    ///
    /// @return when to call again; empty for never
    Optional<Instant> make(Name schedule);
  }

  /// Begins to call.
  void start(Calls calls, Duration sweepEvery);

  /// Calls [Calls#due] once at `when`, for `job`.
  void due(JobId job, Instant when);

  /// Calls [Calls#make] for a schedule at `when`, instead of whatever was set for it before.
  void make(Name schedule, Instant when);

  /// Forgets a schedule.
  void forget(Name schedule);

  /// Stops calling; calls under way come to their end.
  @Override
  void close();
}
