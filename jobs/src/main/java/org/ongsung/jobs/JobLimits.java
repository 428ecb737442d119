package org.ongsung.jobs;

import java.time.Duration;

/// What bounds the queue.
///
/// @param waitingJobs jobs that have not ended, at once, inclusive
/// @param takenAtOnce jobs that one worker gets by one call, inclusive
/// @param logLines lines kept of one job, inclusive; more are counted and not kept
/// @param logLineCharacters a line is cut after these
/// @param awaiting callers that wait for a job's end at once, inclusive
/// @param workerSlots jobs that the worker in this process does at once, inclusive
/// @param schedules schedules there may be, inclusive
/// @param lease how long a worker is silent before it counts as lost
/// @param renewEvery how often a worker tells that it is there
/// @param sweepEvery how often lost workers and passed deadlines are looked for
/// @param lookAgain how often a waiting caller asks the store whether another process did something
/// @param firstRetry the pause after the first failed attempt; doubles with each
/// @param longestRetry the longest pause
/// @param latest how far ahead a job may be asked for
/// @param history how long ended jobs are kept
/// @param historyJobs ended jobs kept at most, inclusive
public record JobLimits(
    int waitingJobs,
    int takenAtOnce,
    int logLines,
    int logLineCharacters,
    int awaiting,
    int workerSlots,
    int schedules,
    Duration lease,
    Duration renewEvery,
    Duration sweepEvery,
    Duration lookAgain,
    Duration firstRetry,
    Duration longestRetry,
    Duration latest,
    Duration history,
    int historyJobs) {
  /// 100,000 waiting, 32 at once, 1,000 lines of 1,000 characters, 20,000 awaiting, 64 slots, 1,000
  /// schedules; a lease of 30 s, renewed every 5 s, swept every 5 s; a look every second; retries
  /// after 5 s up to 10 min; a year ahead; history of 30 days and 100,000 jobs.
  public static final JobLimits DEFAULT =
      new JobLimits(
          100_000,
          32,
          1_000,
          1_000,
          20_000,
          64,
          1_000,
          Duration.ofSeconds(30),
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          Duration.ofMinutes(10),
          Duration.ofDays(366),
          Duration.ofDays(30),
          100_000);

  public JobLimits {
    if (waitingJobs < 1
        || takenAtOnce < 1
        || logLines < 1
        || logLineCharacters < 1
        || awaiting < 1
        || workerSlots < 1
        || schedules < 1
        || historyJobs < 0) {
      throw new IllegalArgumentException("job limits are positive");
    }
    if (!renewEvery.isPositive()
        || lease.compareTo(renewEvery.multipliedBy(2)) < 0
        || !sweepEvery.isPositive()
        || !lookAgain.isPositive()
        || !firstRetry.isPositive()
        || longestRetry.compareTo(firstRetry) < 0
        || !latest.isPositive()
        || !history.isPositive()) {
      throw new IllegalArgumentException(
          "times are positive, a lease at least two renewals and the longest retry the longest");
    }
  }

  /// The same with another lease, renewed and swept a sixth of it apart.
  public JobLimits withLease(Duration newLease) {
    Duration sixth = newLease.dividedBy(6);
    return new JobLimits(
        waitingJobs,
        takenAtOnce,
        logLines,
        logLineCharacters,
        awaiting,
        workerSlots,
        schedules,
        newLease,
        sixth,
        sixth,
        lookAgain,
        firstRetry,
        longestRetry,
        latest,
        history,
        historyJobs);
  }

  /// The same for those who look again at other times.
  public JobLimits lookingAgainEvery(Duration newLook) {
    return new JobLimits(
        waitingJobs,
        takenAtOnce,
        logLines,
        logLineCharacters,
        awaiting,
        workerSlots,
        schedules,
        lease,
        renewEvery,
        sweepEvery,
        newLook,
        firstRetry,
        longestRetry,
        latest,
        history,
        historyJobs);
  }

  /// The same with another length of history.
  public JobLimits keepingHistory(Duration newHistory) {
    return new JobLimits(
        waitingJobs,
        takenAtOnce,
        logLines,
        logLineCharacters,
        awaiting,
        workerSlots,
        schedules,
        lease,
        renewEvery,
        sweepEvery,
        lookAgain,
        firstRetry,
        longestRetry,
        latest,
        newHistory,
        historyJobs);
  }

  /// The same with other retries.
  public JobLimits withRetries(Duration first, Duration longest) {
    return new JobLimits(
        waitingJobs,
        takenAtOnce,
        logLines,
        logLineCharacters,
        awaiting,
        workerSlots,
        schedules,
        lease,
        renewEvery,
        sweepEvery,
        lookAgain,
        first,
        longest,
        latest,
        history,
        historyJobs);
  }

  /// The pause before attempt `attempt` + 1.
  Duration retryAfter(int attempt) {
    Duration pause = firstRetry;
    for (int i = 1; i < attempt && pause.compareTo(longestRetry) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(longestRetry) > 0 ? longestRetry : pause;
  }
}
