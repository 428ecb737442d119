package org.ongsung.jobs;

import java.time.Duration;
import java.util.List;

/// The queue as workers see it: in this process, or over HTTP from anywhere.
///
/// Whatever is said twice counts once, so that a worker may repeat anything whose answer was lost.
/// Every method blocks and throws [JobsUnavailableException] when the queue cannot be reached.
public interface JobQueue {
  /// Waits for jobs, at most `patience`, and leases them.
  ///
  /// @return none when there were none in time
  List<LeasedJob> take(TakeRequest request, Duration patience) throws InterruptedException;

  /// Says that a worker asks no more with this token: a taking that waits with it, or is still on
  /// its way here, gives none, and jobs that were leased with it and not begun go back.
  void leave(String worker, String token);

  /// Says that the work begins. Nothing may be done before this answers [LeaseAnswer#HOLDS].
  LeaseAnswer begin(JobId job, String token);

  /// Says that the work goes on, how far it is, and what was noteworthy; holds the lease longer.
  ///
  /// @param lines of this attempt, numbered by the worker from 1
  LeaseAnswer report(JobId job, String token, Progress progress, List<JobLogLine> lines);

  /// Says that the work is done.
  ///
  /// @return [LeaseAnswer#LOST] when nobody was waiting for that any more
  LeaseAnswer complete(JobId job, String token, JobResult result);

  /// Says that the work did not succeed, or was stopped.
  ///
  /// @param problem one line
  /// @param again whether another attempt may succeed
  LeaseAnswer fail(JobId job, String token, String problem, boolean again);

  /// Gives back a job that was not begun.
  LeaseAnswer giveBack(JobId job, String token);
}
