package org.ongsung.jobs;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.Name;

/// Where jobs, what workers wrote about them, and schedules lie.
///
/// Every method blocks. Writes are durable on return; all throw [JobsUnavailableException] when the
/// store cannot be reached. Times come back cut to microseconds. Several processes may use one
/// store at once.
public interface JobStore {
  /// Writes a new job, unless its owner has used its key before.
  ///
  /// @param waitingJobs how many may be there that have not ended, inclusive
  /// @return the job, or the one that the key made before
  /// @throws JobRefusedException when too many wait, or the key was used for something else
  Job add(Job job, int waitingJobs);

  Optional<Job> find(JobId id);

  /// The jobs that match, newest first.
  List<Job> find(JobSearch search);

  /// The newest jobs of a kind about `subject` that are done, newest first, at most `limit`.
  List<Job> newestDone(JobKind kind, String subject, int limit);

  /// Writes a changed job over the version before it.
  ///
  /// @return whether that version was still there
  boolean replace(Job job);

  /// Whether [#take] would give anything.
  boolean hasDue(Taking taking);

  /// Gives a worker the jobs that it holds untouched with its token from a taking before, else
  /// those that have waited longest and that no limit keeps back, now taken.
  List<Job> take(Taking taking);

  /// What a worker may take.
  ///
  /// @param lease whose `takenAt` is now
  /// @param kinds with how many of each may be taken or running at once
  /// @param node the gateway process that the worker belongs to; null for one elsewhere, who takes
  ///   what is for any node
  /// @param most at most so many jobs
  record Taking(Lease lease, Map<JobKind, Integer> kinds, @Nullable String node, int most) {
    public Taking {
      kinds = Map.copyOf(kinds);
    }
  }

  /// Jobs that have not ended and whose lease or deadline is over, at most `limit`.
  List<Job> stale(Instant now, int limit);

  /// Those of `jobs` that have ended or are gone.
  Set<JobId> endedAmong(Collection<JobId> jobs);

  /// Keeps lines; those that are there already stay as they are.
  void addLog(JobId job, List<JobLogLine> lines);

  /// The lines of a job in order, from `offset`, at most `limit`.
  List<JobLogLine> log(JobId job, int offset, int limit);

  /// Keeps when a worker was seen, over what was known of it.
  void saw(WorkerSight sight);

  /// The workers that were seen, sorted by name.
  List<WorkerSight> workers();

  /// Forgets workers that were last seen before `endedBefore`, deletes jobs that ended before
  /// `endedBefore`, and the oldest of those that have ended past `most`.
  ///
  /// @return how many jobs
  int forget(Instant endedBefore, int most);

  /// How many jobs of each kind are in each state that is not an end.
  Map<JobKind, Map<JobState, Integer>> counts();

  /// Every schedule, sorted by name.
  List<JobSchedule> schedules();

  Optional<JobSchedule> schedule(Name name);

  /// Writes a schedule over the one of its name.
  ///
  /// @param most schedules there may be, inclusive
  /// @throws JobRefusedException when there would be more
  void putSchedule(JobSchedule schedule, int most);

  /// Takes a schedule away; its jobs stay.
  ///
  /// @return whether it was there
  boolean deleteSchedule(Name name);
}
