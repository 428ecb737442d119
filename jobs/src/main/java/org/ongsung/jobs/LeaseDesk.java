package org.ongsung.jobs;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.ConnectionGuard;
import org.ongsung.model.Name;
import org.ongsung.model.Shown;

/// Where workers get their jobs and tell of them: the queue in the process that has the store.
public final class LeaseDesk implements JobQueue {
  private static final int MAX_PROBLEM_CHARACTERS = 1_000;

  /// A sight this young is not written again.
  private static final Duration FRESH_SIGHT = Duration.ofSeconds(30);

  /// Takings that were left are remembered until so many others were.
  private static final int MOST_LEFT = 1_000;

  private final Jobs jobs;
  private final LeftTakings left = new LeftTakings(MOST_LEFT);
  private final Destinations destinations;
  private final Map<String, WorkerSight> sights = new ConcurrentHashMap<>();

  public LeaseDesk(Jobs jobs, Destinations destinations) {
    this.jobs = jobs;
    this.destinations = destinations;
  }

  @Override
  public List<LeasedJob> take(TakeRequest request, Duration patience) throws InterruptedException {
    ConnectionGuard.assertNoneHeld("a job");
    see(request);
    List<LeasedJob> leased = await(request, System.nanoTime() + patience.toNanos());
    if (left.contains(request.token())) {
      giveBackUntouched(request.worker(), request.token());
      return List.of();
    }
    return leased;
  }

  private List<LeasedJob> await(TakeRequest request, long end) throws InterruptedException {
    while (true) {
      long rings = jobs.bell().rings();
      JobStore.Taking taking = taking(request, jobs.clock().instant());
      List<LeasedJob> leased =
          taking.kinds().isEmpty() || !jobs.store().hasDue(taking)
              ? List.of()
              : brief(jobs.store().take(taking), request.token());
      Duration rest = Duration.ofNanos(end - System.nanoTime());
      if (!leased.isEmpty() || !rest.isPositive() || left.contains(request.token())) {
        return leased;
      }
      Duration look = jobs.limits().lookAgain();
      jobs.bell().await(rings, rest.compareTo(look) < 0 ? rest : look);
    }
  }

  @Override
  public void leave(String worker, String token) {
    Lease.checkWorker(worker);
    Lease.checkToken(token);
    // First this, then what is leased already: whatever is leased in between, its taking gives
    // back.
    left.add(token);
    jobs.bell().ring();
    giveBackUntouched(worker, token);
  }

  private void giveBackUntouched(String worker, String token) {
    Instant now = jobs.clock().instant();
    Lease lease = new Lease(worker, token, now, now.plus(jobs.limits().lease()));
    // Of no kind, so that nothing is leased anew.
    List<Job> untouched = jobs.store().take(new JobStore.Taking(lease, Map.of(), null, 1));
    untouched.forEach(job -> giveBack(job.id(), token));
  }

  private void see(TakeRequest request) {
    Instant now = jobs.clock().instant();
    String place = request.worker() + " " + request.node();
    WorkerSight known = sights.get(place);
    if (known == null
        || !known.kinds().equals(request.kinds())
        || !known.at().plus(FRESH_SIGHT).isAfter(now)) {
      WorkerSight fresh = new WorkerSight(request.worker(), request.node(), request.kinds(), now);
      jobs.store().saw(fresh);
      sights.put(place, fresh);
    }
  }

  private JobStore.Taking taking(TakeRequest request, Instant now) {
    Map<JobKind, Integer> kinds = new EnumMap<>(JobKind.class);
    String node = request.node();
    boolean gateway = node != null && !node.startsWith(Jobs.WORKER);
    for (JobKind kind : request.kinds()) {
      if (gateway || kind.place() == JobKind.Place.ANYWHERE) {
        kinds.put(kind, kind.concurrency());
      }
    }
    return new JobStore.Taking(
        new Lease(request.worker(), request.token(), now, now.plus(jobs.limits().lease())),
        kinds,
        request.node(),
        Math.min(request.most(), jobs.limits().takenAtOnce()));
  }

  private List<LeasedJob> brief(List<Job> taken, String token) {
    List<LeasedJob> leased = new ArrayList<>();
    for (Job job : taken) {
      Optional<Name> target = target(job.parameters());
      @Nullable Destination destination = target.flatMap(destinations::of).orElse(null);
      Lease lease = job.lease();
      if (target.isPresent() && destination == null) {
        end(job.id(), token, JobState.ERROR, "there is no target " + target.get());
      } else if (lease != null) {
        leased.add(
            new LeasedJob(
                job.id(),
                job.parameters(),
                token,
                job.attempt() + 1,
                lease.until(),
                jobs.limits().renewEvery(),
                job.kind().longest(),
                destination));
      }
    }
    return leased;
  }

  static Optional<Name> target(JobParameters parameters) {
    return switch (parameters) {
      case JobParameters.ProbeTarget probe -> Optional.of(probe.target());
      case JobParameters.CheckLogins check -> Optional.of(check.target());
      case JobParameters.OpenSession session -> Optional.of(session.target());
      case JobParameters.PurgeRecordings _,
          JobParameters.MakeBackup _,
          JobParameters.Notify _,
          JobParameters.BuildReport _ ->
          Optional.empty();
    };
  }

  private void end(JobId id, String token, JobState how, String why) {
    Instant now = jobs.clock().instant();
    var _ = jobs.change(id, job -> job.heldWith(token) ? job.ended(how, now, null, why) : job);
  }

  @Override
  public LeaseAnswer begin(JobId id, String token) {
    Instant now = jobs.clock().instant();
    Optional<Job> job =
        jobs.change(
            id,
            known ->
                !known.heldWith(token) || known.state() == JobState.RUNNING
                    ? known
                    : over(known, now)
                        ? known.ended(JobState.DROPPED, now, null, JobSweep.TOO_LATE)
                        : known.begun(now, now.plus(jobs.limits().lease())));
    return job.filter(known -> known.heldWith(token) && known.state() == JobState.RUNNING)
            .isPresent()
        ? LeaseAnswer.HOLDS
        : LeaseAnswer.LOST;
  }

  private static boolean over(Job job, Instant now) {
    Instant deadline = job.deadline();
    return deadline != null && !now.isBefore(deadline);
  }

  @Override
  public LeaseAnswer report(JobId id, String token, Progress progress, List<JobLogLine> lines) {
    Instant now = jobs.clock().instant();
    Optional<Job> job =
        jobs.change(
            id,
            known ->
                known.heldWith(token)
                        && known.state() == JobState.RUNNING
                        && known.cancelledBy() == null
                    ? stillInTime(known, now)
                        ? known.renewed(now.plus(jobs.limits().lease()), progress)
                        : known.cancelling(JobSweep.CLOCK)
                    : known);
    if (job.isEmpty() || !job.get().heldWith(token)) {
      return LeaseAnswer.LOST;
    }
    keep(job.get(), now, lines);
    return job.get().cancelledBy() == null ? LeaseAnswer.HOLDS : LeaseAnswer.STOP;
  }

  private static boolean stillInTime(Job job, Instant now) {
    Instant started = job.startedAt();
    return !over(job, now) && (started == null || started.plus(job.kind().longest()).isAfter(now));
  }

  private void keep(Job job, Instant now, List<JobLogLine> lines) {
    List<JobLogLine> kept =
        lines.stream()
            .filter(line -> line.number() >= 1 && line.number() <= jobs.limits().logLines())
            .map(
                line ->
                    new JobLogLine(
                        line.number(),
                        line.at().isAfter(now) ? now : line.at(),
                        job.attempt(),
                        Shown.plain(line.text(), jobs.limits().logLineCharacters())))
            .toList();
    if (!kept.isEmpty()) {
      jobs.store().addLog(job.id(), kept);
    }
  }

  @Override
  public LeaseAnswer complete(JobId id, String token, JobResult result) {
    Instant now = jobs.clock().instant();
    Optional<Job> job =
        jobs.change(
            id,
            known -> {
              if (!known.heldWith(token) || known.state() != JobState.RUNNING) {
                return known;
              }
              if (!JobTrees.fits(known.kind(), result)) {
                throw new IllegalArgumentException(
                    "that is no answer to a job of kind " + known.kind().text());
              }
              return known.ended(JobState.DONE, now, result, "");
            });
    return job.filter(
                known ->
                    known.state() == JobState.DONE
                        && known.lease() != null
                        && known.lease().token().equals(token))
            .isPresent()
        ? LeaseAnswer.HOLDS
        : LeaseAnswer.LOST;
  }

  @Override
  public LeaseAnswer fail(JobId id, String token, String problem, boolean again) {
    Instant now = jobs.clock().instant();
    String why = Shown.plain(problem, MAX_PROBLEM_CHARACTERS);
    Optional<Job> job =
        jobs.change(
            id,
            known ->
                known.heldWith(token) && known.state() == JobState.RUNNING
                    ? JobSweep.afterFailure(known, now, jobs.limits(), why, again)
                    : known);
    return job.filter(
                known ->
                    known.lease() != null
                        && known.lease().token().equals(token)
                        && known.state() != JobState.TAKEN)
            .isPresent()
        ? LeaseAnswer.HOLDS
        : LeaseAnswer.LOST;
  }

  @Override
  public LeaseAnswer giveBack(JobId id, String token) {
    Instant now = jobs.clock().instant();
    var _ =
        jobs.change(
            id,
            known ->
                known.heldWith(token) && known.state() == JobState.TAKEN
                    ? known.again(now, known.problem())
                    : known);
    return LeaseAnswer.LOST;
  }
}
