package org.ongsung.jobs;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.ConnectionGuard;
import org.ongsung.model.Name;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The queue as those see it who want something done: ask for a job, wait for it, look at it, stop
/// it, have it done again, on a schedule or now.
///
/// Every change of a job is written over the version that was read, and tried again on the newest
/// when somebody was faster; so no lock is held between the two, in this process or in the
/// database. Every method blocks and throws [JobsUnavailableException] when the store cannot be
/// reached.
public final class Jobs {
  private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);

  /// What stands before a worker's name where a job is for that worker alone.
  public static final String WORKER = "worker:";

  private static final int MOST_RACES = 100;

  private final JobStore store;
  private final Wakeups wakeups;
  private final String node;
  private final JobLimits limits;
  private final InstantSource clock;
  private final JobBell bell = new JobBell();
  private final JobCounts counts;
  private final EndWaiters waiters;
  private final List<Consumer<Job>> listeners = new CopyOnWriteArrayList<>();
  private volatile Function<Name, Optional<String>> workers = _ -> Optional.empty();
  private volatile Set<JobKind> served = Set.of(JobKind.values());

  /// @param node what this process is called; jobs that need its files are for it alone
  public Jobs(JobStore store, Wakeups wakeups, String node, JobLimits limits, InstantSource clock) {
    this.store = store;
    this.wakeups = wakeups;
    this.node = node;
    this.limits = limits;
    this.clock = clock;
    this.counts = new JobCounts(store, clock);
    this.waiters = new EndWaiters(store::endedAmong, limits.lookAgain(), limits.awaiting());
  }

  /// Tells `listener` of every job that ends in this process, once that is durable, on the thread
  /// that ended it.
  public void onEnd(Consumer<Job> listener) {
    listeners.add(listener);
  }

  /// Says which worker dials which target; a target of no worker's is anybody's. Called for each
  /// job that has a target.
  public void route(Function<Name, Optional<String>> workerOf) {
    workers = workerOf;
  }

  /// Says which kinds anyone here can do; others are refused.
  public void serve(Set<JobKind> kinds) {
    served = Set.copyOf(kinds);
  }

  /// The kinds that anyone here can do.
  public Set<JobKind> served() {
    return served;
  }

  /// Refuses a kind that nobody here can do.
  ///
  /// @throws JobRefusedException for one
  public void checkServed(JobKind kind) {
    if (!served.contains(kind)) {
      throw new JobRefusedException(
          JobRefusedException.Reason.KIND,
          "jobs of kind "
              + kind.text()
              + " cannot be done here: the configuration does not set them up");
    }
  }

  /// The workers that were seen, sorted by name.
  public List<WorkerSight> workers() {
    return store.workers();
  }

  /// Asks for a job. With a key that the owner has used before, gives the job that it made then.
  ///
  /// @throws JobRefusedException when it is not taken up
  public Job submit(JobRequest request) {
    return submit(null, request);
  }

  /// The same for the gateway process `wanted`; null for this one.
  Job submit(@Nullable String wanted, JobRequest request) {
    ConnectionGuard.assertNoneHeld("a job's beginning");
    checkServed(request.parameters().kind());
    Instant now = clock.instant();
    Instant notBefore = request.notBefore() == null ? now : request.notBefore();
    Instant deadline = request.deadline();
    if (notBefore.isAfter(now.plus(limits.latest()))) {
      throw new JobRefusedException(
          JobRefusedException.Reason.TIME,
          "a job begins within " + limits.latest().toDays() + " days");
    }
    if (deadline != null && !deadline.isAfter(notBefore.isAfter(now) ? notBefore : now)) {
      throw new JobRefusedException(
          JobRefusedException.Reason.TIME, "a job's deadline is after its beginning");
    }
    @Nullable String home =
        request.parameters().kind().place() == JobKind.Place.GATEWAY
            ? wanted == null ? node : wanted
            : LeaseDesk.target(request.parameters())
                .flatMap(workers)
                .map(worker -> WORKER + worker)
                .orElse(null);
    Job fresh = made(request, home, now, notBefore, deadline);
    Job job = store.add(fresh, limits.waitingJobs());
    if (job.id().equals(fresh.id())) {
      counts.submitted();
      wake(job);
    }
    return job;
  }

  private static Job made(
      JobRequest request,
      @Nullable String home,
      Instant now,
      Instant notBefore,
      @Nullable Instant deadline) {
    return new Job(
        JobId.create(now),
        request.parameters(),
        request.origin(),
        home,
        now,
        notBefore,
        deadline,
        JobState.NEW,
        0,
        null,
        Progress.NONE,
        null,
        null,
        null,
        "",
        null,
        0);
  }

  /// Lets workers know of a job that waits.
  void wake(Job job) {
    if (!job.notBefore().isAfter(clock.instant())) {
      bell.ring();
      return;
    }
    try {
      wakeups.due(job.id(), job.notBefore());
    } catch (JobsUnavailableException e) {
      LOG.warn("job {} will be found a little late", job.id(), e);
    }
  }

  /// Waits until a job has ended or `deadline` has come, and gives it as it is then. Holds no
  /// connection, lock or pooled thread meanwhile.
  ///
  /// @throws JobRefusedException when too many wait already, or there is no such job
  public Job await(JobId id, Instant deadline) throws InterruptedException {
    ConnectionGuard.assertNoneHeld("a job's end");
    try (EndWaiters.Place place = waiters.take(id)) {
      if (place == null) {
        throw new JobRefusedException(
            JobRefusedException.Reason.FULL, "too many wait for jobs at this moment");
      }
      Job job = existing(id);
      Duration left = Duration.between(clock.instant(), deadline);
      if (job.state().ended() || !left.isPositive()) {
        return job;
      }
      place.await(left);
      return existing(id);
    }
  }

  private Job existing(JobId id) {
    return store
        .find(id)
        .orElseThrow(
            () ->
                new JobRefusedException(
                    JobRefusedException.Reason.MISSING, "there is no such job"));
  }

  public Optional<Job> find(JobId id) {
    return store.find(id);
  }

  /// The jobs that match, newest first.
  public List<Job> find(JobSearch search) {
    return store.find(search);
  }

  /// The newest jobs of a kind about `subject` that are done, newest first.
  public List<Job> newestDone(JobKind kind, String subject, int limit) {
    return store.newestDone(kind, subject, limit);
  }

  /// What workers wrote about a job, in order.
  public List<JobLogLine> log(JobId id, int offset, int limit) {
    return store.log(id, offset, limit);
  }

  /// Stops a job: one that waits or was not begun is dropped at once, the worker of a running one
  /// hears of it at its next word.
  ///
  /// @return the job as it is then; empty when there is none
  public Optional<Job> cancel(JobId id, String by) {
    Instant now = clock.instant();
    return change(
        id,
        job ->
            switch (job.state()) {
              case NEW, TAKEN -> job.ended(JobState.DROPPED, now, null, "cancelled by " + by);
              case RUNNING -> job.cancelledBy() == null ? job.cancelling(by) : job;
              case DONE, ERROR, DROPPED -> job;
            });
  }

  /// Asks for the same again, as a job of its own.
  ///
  /// @return empty when there is no such job
  public Optional<Job> rerun(JobId id, String owner) {
    return store
        .find(id)
        .map(
            job ->
                submit(
                    new JobRequest(
                        job.parameters(),
                        new Job.Origin(owner, null, null, job.id()),
                        null,
                        null)));
  }

  /// Sets a schedule up or changes it.
  ///
  /// @throws JobRefusedException for a kind that nobody here can do, or when there are too many
  public void put(JobSchedule schedule) {
    checkServed(schedule.parameters().kind());
    store.putSchedule(schedule, limits.schedules());
    Optional<Instant> next = schedule.next(clock.instant());
    if (next.isPresent()) {
      wakeups.make(schedule.name(), next.get());
    } else {
      wakeups.forget(schedule.name());
    }
  }

  public List<JobSchedule> schedules() {
    return store.schedules();
  }

  public Optional<JobSchedule> schedule(Name name) {
    return store.schedule(name);
  }

  /// Takes a schedule away.
  ///
  /// @return whether it was there
  public boolean deleteSchedule(Name name) {
    wakeups.forget(name);
    return store.deleteSchedule(name);
  }

  /// What is counted; cheap.
  public JobFigures figures() {
    return counts.figures();
  }

  /// The name of this process.
  public String node() {
    return node;
  }

  /// Changes a job by its newest version, however many others do so at once.
  ///
  /// @param how gives the changed job, or the same one for no change
  /// @return the job as it is then; empty when there is none
  Optional<Job> change(JobId id, UnaryOperator<Job> how) {
    for (int race = 0; race < MOST_RACES; race++) {
      Optional<Job> before = store.find(id);
      if (before.isEmpty()) {
        return before;
      }
      Job after = how.apply(before.get());
      if (after.version() == before.get().version()) {
        return before;
      }
      if (store.replace(after)) {
        tell(before.get(), after);
        return Optional.of(after);
      }
    }
    throw new JobsUnavailableException("job " + id + " is being changed by too many at once", null);
  }

  private void tell(Job before, Job after) {
    if (after.state().ended()) {
      counts.ended(after.state());
      waiters.ended(after.id());
      bell.ring(); // a place of its kind is free
      for (Consumer<Job> listener : listeners) {
        try {
          listener.accept(after);
        } catch (RuntimeException e) {
          LOG.error("the end of job {} was not heard by all", after.id(), e);
        }
      }
    } else if (after.state() == JobState.NEW) {
      if (before.state() == JobState.RUNNING) {
        counts.retried();
      }
      bell.ring();
      wake(after);
    }
  }

  JobStore store() {
    return store;
  }

  JobBell bell() {
    return bell;
  }

  JobLimits limits() {
    return limits;
  }

  InstantSource clock() {
    return clock;
  }

  JobCounts counts() {
    return counts;
  }

  Wakeups wakeups() {
    return wakeups;
  }
}
