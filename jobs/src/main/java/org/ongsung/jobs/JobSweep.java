package org.ongsung.jobs;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.ongsung.model.Name;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes jobs back from workers that are lost, ends those whose time is over, forgets old ones, and
/// makes the jobs of schedules. May run in several processes at once.
public final class JobSweep implements Wakeups.Calls {
  /// Who stops a job whose time is over.
  static final String CLOCK = "system";

  /// What is said of a job that nobody began in time.
  static final String TOO_LATE = "its time was over before a worker began";

  private static final Logger LOG = LoggerFactory.getLogger(JobSweep.class);
  private static final int AT_ONCE = 500;

  private final Jobs jobs;
  private volatile Instant forgetNext = Instant.EPOCH;

  public JobSweep(Jobs jobs) {
    this.jobs = jobs;
  }

  /// Begins to be called.
  public void start() {
    jobs.wakeups().start(this, jobs.limits().sweepEvery());
    Instant now = jobs.clock().instant();
    for (JobSchedule schedule : jobs.schedules()) {
      schedule.next(now).ifPresent(next -> jobs.wakeups().make(schedule.name(), next));
    }
  }

  @Override
  public void sweep() {
    Instant now = jobs.clock().instant();
    List<Job> stale = jobs.store().stale(now, AT_ONCE);
    for (Job job : stale) {
      var _ = jobs.change(job.id(), known -> settled(known, now));
    }
    if (!now.isBefore(forgetNext)) {
      forgetNext = now.plus(java.time.Duration.ofHours(1));
      int gone =
          jobs.store().forget(now.minus(jobs.limits().history()), jobs.limits().historyJobs());
      LOG.debug("{} ended jobs are forgotten", gone);
    }
  }

  private Job settled(Job job, Instant now) {
    Lease lease = job.lease();
    boolean silent = lease != null && !now.isBefore(lease.until());
    Instant deadline = job.deadline();
    boolean over = deadline != null && !now.isBefore(deadline);
    return switch (job.state()) {
      case NEW -> over ? job.ended(JobState.DROPPED, now, null, TOO_LATE) : job;
      case TAKEN ->
          over
              ? job.ended(JobState.DROPPED, now, null, TOO_LATE)
              : silent ? job.again(now, lostWorker(job) + " before it began") : job;
      case RUNNING -> {
        if (silent) {
          jobs.counts().lost();
          LOG.warn("{} was lost with job {} ({})", lostWorker(job), job.id(), job.kind().text());
          yield afterFailure(
              job,
              now,
              jobs.limits(),
              lostWorker(job) + " was lost",
              job.kind().delivery() == Delivery.AT_LEAST_ONCE);
        }
        yield over && job.cancelledBy() == null ? job.cancelling(CLOCK) : job;
      }
      case DONE, ERROR, DROPPED -> job;
    };
  }

  private static String lostWorker(Job job) {
    Lease lease = job.lease();
    return "worker " + (lease == null ? "" : lease.worker());
  }

  /// A running job after its attempt did not succeed.
  static Job afterFailure(Job job, Instant now, JobLimits limits, String why, boolean again) {
    String by = job.cancelledBy();
    if (by != null) {
      return by.equals(CLOCK)
          ? job.ended(JobState.ERROR, now, null, "it took longer than it may")
          : job.ended(JobState.DROPPED, now, null, "cancelled by " + by);
    }
    Instant next = now.plus(limits.retryAfter(job.attempt()));
    Instant deadline = job.deadline();
    return again
            && job.attempt() < job.kind().attempts()
            && (deadline == null || next.isBefore(deadline))
        ? job.again(next, why)
        : job.ended(JobState.ERROR, now, null, why);
  }

  @Override
  public void due() {
    jobs.bell().ring();
  }

  @Override
  public Optional<Instant> make(Name name) {
    Optional<JobSchedule> known = jobs.schedule(name).filter(JobSchedule::active);
    if (known.isEmpty()) {
      return Optional.empty();
    }
    JobSchedule schedule = known.get();
    Instant now = jobs.clock().instant();
    try {
      // One job for one moment, whichever process is called, and however often.
      String key = "schedule " + now.getEpochSecond() / 60;
      Job.Origin origin = new Job.Origin(schedule.owner(), name + " " + key, name, null);
      Job job =
          jobs.submit(schedule.node(), new JobRequest(schedule.parameters(), origin, null, null));
      LOG.debug("schedule {} made job {}", name, job.id());
    } catch (JobRefusedException e) {
      LOG.error("schedule {} could not make its job: {}", name, e.getMessage());
    }
    return schedule.next(now);
  }
}
