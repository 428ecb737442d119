package org.ongsung.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ongsung.jobs.CronTimes;
import org.ongsung.jobs.Destination;
import org.ongsung.jobs.HostKeyCheck;
import org.ongsung.jobs.Job;
import org.ongsung.jobs.JobId;
import org.ongsung.jobs.JobKind;
import org.ongsung.jobs.JobLimits;
import org.ongsung.jobs.JobLogLine;
import org.ongsung.jobs.JobParameters;
import org.ongsung.jobs.JobRefusedException;
import org.ongsung.jobs.JobRequest;
import org.ongsung.jobs.JobResult;
import org.ongsung.jobs.JobSchedule;
import org.ongsung.jobs.JobSearch;
import org.ongsung.jobs.JobState;
import org.ongsung.jobs.JobSweep;
import org.ongsung.jobs.Jobs;
import org.ongsung.jobs.LeaseAnswer;
import org.ongsung.jobs.LeaseDesk;
import org.ongsung.jobs.LeasedJob;
import org.ongsung.jobs.Progress;
import org.ongsung.jobs.TakeRequest;
import org.ongsung.jobs.Wakeups;
import org.ongsung.jobs.WorkerSight;
import org.ongsung.model.HostAndPort;
import org.ongsung.model.Name;
import org.ongsung.model.Protocol;
import org.ongsung.testkit.Deadlines;

/// The queue on a real database: what workers and askers may rely on.
abstract class JobQueueContract extends StoreContract {
  private static final JobResult.Probed PROBED =
      new JobResult.Probed(true, "", Duration.ofMillis(3), "SSH-2.0-x", "", HostKeyCheck.UNKNOWN);
  private static final JobParameters PROBE = new JobParameters.ProbeTarget(Name.of("web-1"));
  private static final JobParameters SESSION =
      new JobParameters.OpenSession(Name.of("alice"), Name.of("web-1"), Name.of("root"));
  private static final JobParameters PURGE = new JobParameters.PurgeRecordings(30);

  private final AtomicReference<Instant> now = new AtomicReference<>(Samples.NOW);
  private Jobs jobs;
  private LeaseDesk desk;
  private JobSweep sweep;
  private int tokens;

  JobQueueContract(DatabaseFixture fixture) {
    super(fixture);
  }

  @BeforeEach
  void openTheQueue() {
    open(JobLimits.DEFAULT, "node-1");
  }

  private void open(JobLimits limits, String node) {
    jobs = new Jobs(database.jobs(), new NoWakeups(), node, limits, now::get);
    desk =
        new LeaseDesk(
            jobs,
            target ->
                target.value().equals("gone")
                    ? Optional.empty()
                    : Optional.of(
                        new Destination(
                            target, Protocol.SSH, new HostAndPort("10.0.0.1", 22), List.of())));
    sweep = new JobSweep(jobs);
  }

  private void pass(Duration time) {
    now.updateAndGet(before -> before.plus(time));
  }

  private String token() {
    return "token-number-%08d".formatted(++tokens);
  }

  private List<LeasedJob> take(String worker, String node, int most) throws Exception {
    return desk.take(
        new TakeRequest(worker, node, Set.of(JobKind.values()), most, token()), Duration.ZERO);
  }

  private LeasedJob takeOne() throws Exception {
    List<LeasedJob> taken = take("w1", "node-1", 1);
    assertThat(taken).hasSize(1);
    return taken.getFirst();
  }

  private Job submit(JobParameters parameters) {
    return jobs.submit(JobRequest.now(parameters, "alice"));
  }

  private Job job(JobId id) {
    return jobs.find(id).orElseThrow();
  }

  private LeasedJob begun() throws Exception {
    LeasedJob leased = takeOne();
    assertThat(desk.begin(leased.id(), leased.token())).isEqualTo(LeaseAnswer.HOLDS);
    return leased;
  }

  @Test
  void aJobGoesFromNewToDoneAndComesBackAsItWas() throws Exception {
    Job job = submit(PROBE);
    assertThat(job(job.id())).isEqualTo(job).extracting(Job::state).isEqualTo(JobState.NEW);
    pass(Duration.ofSeconds(2));
    LeasedJob leased = takeOne();
    assertThat(leased.parameters()).isEqualTo(PROBE);
    assertThat(leased.destination().address()).hasToString("10.0.0.1:22");
    assertThat(job(job.id()).state()).isEqualTo(JobState.TAKEN);
    assertThat(desk.begin(leased.id(), leased.token())).isEqualTo(LeaseAnswer.HOLDS);
    pass(Duration.ofSeconds(3));
    List<JobLogLine> lines = List.of(new JobLogLine(1, now.get(), 0, "줄\u0007"));
    assertThat(desk.report(leased.id(), leased.token(), new Progress(40, "half"), lines))
        .isEqualTo(LeaseAnswer.HOLDS);
    assertThat(job(job.id()).progress()).isEqualTo(new Progress(40, "half"));
    assertThat(desk.complete(leased.id(), leased.token(), PROBED)).isEqualTo(LeaseAnswer.HOLDS);
    Job done = job(job.id());
    assertThat(done.state()).isEqualTo(JobState.DONE);
    assertThat(done.result()).isEqualTo(PROBED);
    assertThat(done.attempt()).isEqualTo(1);
    assertThat(done.waited(now.get())).isEqualTo(Duration.ofSeconds(2));
    assertThat(done.ran(now.get())).isEqualTo(Duration.ofSeconds(3));
    assertThat(jobs.log(job.id(), 0, 10)).extracting(JobLogLine::text).containsExactly("줄<U+7>");
    reopen();
    open(JobLimits.DEFAULT, "node-1");
    assertThat(job(job.id())).isEqualTo(done);
    assertThat(jobs.find(JobSearch.newest(10))).containsExactly(done);
  }

  @Test
  void everyWordOfAWorkerMayBeSaidTwice() throws Exception {
    Job job = submit(PROBE);
    TakeRequest request = new TakeRequest("w1", null, Set.of(JobKind.PROBE), 1, token());
    LeasedJob first = desk.take(request, Duration.ZERO).getFirst();
    assertThat(desk.take(request, Duration.ZERO)).as("the answer was lost").containsExactly(first);
    assertThat(desk.begin(first.id(), first.token())).isEqualTo(LeaseAnswer.HOLDS);
    assertThat(desk.begin(first.id(), first.token())).isEqualTo(LeaseAnswer.HOLDS);
    List<JobLogLine> lines = List.of(new JobLogLine(1, now.get(), 0, "once"));
    assertThat(desk.report(first.id(), first.token(), Progress.NONE, lines))
        .isEqualTo(LeaseAnswer.HOLDS);
    assertThat(desk.report(first.id(), first.token(), Progress.NONE, lines))
        .isEqualTo(LeaseAnswer.HOLDS);
    assertThat(desk.complete(first.id(), first.token(), PROBED)).isEqualTo(LeaseAnswer.HOLDS);
    assertThat(desk.complete(first.id(), first.token(), PROBED)).isEqualTo(LeaseAnswer.HOLDS);
    assertThat(job(job.id()).attempt()).isEqualTo(1);
    assertThat(jobs.log(job.id(), 0, 10)).hasSize(1);
  }

  @Test
  void whatAWorkerSaysWithAnotherTokenDoesNotCount() throws Exception {
    submit(PROBE);
    LeasedJob leased = begun();
    String other = token();
    assertThat(desk.begin(leased.id(), other)).isEqualTo(LeaseAnswer.LOST);
    assertThat(desk.report(leased.id(), other, Progress.NONE, List.of()))
        .isEqualTo(LeaseAnswer.LOST);
    assertThat(desk.complete(leased.id(), other, PROBED)).isEqualTo(LeaseAnswer.LOST);
    assertThat(desk.fail(leased.id(), other, "no", true)).isEqualTo(LeaseAnswer.LOST);
    assertThat(job(leased.id()).state()).isEqualTo(JobState.RUNNING);
    assertThat(desk.complete(leased.id(), leased.token(), PROBED)).isEqualTo(LeaseAnswer.HOLDS);
  }

  @Test
  void aTakingThatWaitsGetsNothingOnceItsWorkerHasLeft() throws Exception {
    TakeRequest request = new TakeRequest("w1", null, Set.of(JobKind.PROBE), 1, token());
    try (ExecutorService waiting = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<List<LeasedJob>> taking =
          waiting.submit(() -> desk.take(request, Deadlines.SERVICE.multipliedBy(2)));
      Deadlines.await("the question", Deadlines.ACTION, () -> !jobs.workers().isEmpty());
      desk.leave("w1", request.token());
      Job job = submit(PROBE);
      assertThat(taking.get(Deadlines.SERVICE.toSeconds(), TimeUnit.SECONDS)).isEmpty();
      assertThat(job(job.id()).state()).isEqualTo(JobState.NEW);
    }
    assertThat(take("w2", null, 1)).as("it is there for whoever stays").hasSize(1);
  }

  @Test
  void aTakingThatComesLaterThanItsWorkersLeaveGetsNothing() throws Exception {
    Job job = submit(PROBE);
    TakeRequest request = new TakeRequest("w1", null, Set.of(JobKind.PROBE), 1, token());
    desk.leave("w1", request.token());
    assertThat(desk.take(request, Duration.ZERO)).isEmpty();
    assertThat(job(job.id()).state()).isEqualTo(JobState.NEW);
  }

  @Test
  void whatAWorkerThatLeavesHasNotBegunGoesBackAndTheRestStays() throws Exception {
    Job first = submit(PROBE);
    Job second = submit(PROBE);
    TakeRequest request = new TakeRequest("w1", null, Set.of(JobKind.PROBE), 2, token());
    assertThat(desk.take(request, Duration.ZERO)).hasSize(2);
    assertThat(desk.begin(first.id(), request.token())).isEqualTo(LeaseAnswer.HOLDS);
    desk.leave("another", request.token());
    assertThat(job(second.id()).state()).isEqualTo(JobState.TAKEN);
    desk.leave("w1", request.token());
    assertThat(job(first.id()).state()).isEqualTo(JobState.RUNNING);
    assertThat(job(second.id()).state()).isEqualTo(JobState.NEW);
    assertThat(desk.begin(second.id(), request.token())).isEqualTo(LeaseAnswer.LOST);
    assertThat(desk.complete(first.id(), request.token(), PROBED)).isEqualTo(LeaseAnswer.HOLDS);
  }

  @Test
  void aJobThatMayBeRepeatedGoesToAnotherWorkerAndTheLostOneIsNotHeardAnyMore() throws Exception {
    Job job = submit(PROBE);
    LeasedJob lost = begun();
    pass(JobLimits.DEFAULT.lease());
    sweep.sweep();
    assertThat(job(job.id()).state()).isEqualTo(JobState.NEW);
    assertThat(job(job.id()).problem()).isEqualTo("worker w1 was lost");
    pass(JobLimits.DEFAULT.firstRetry());
    LeasedJob second = take("w2", null, 1).getFirst();
    assertThat(second.attempt()).isEqualTo(2);
    assertThat(desk.complete(lost.id(), lost.token(), PROBED)).isEqualTo(LeaseAnswer.LOST);
    assertThat(desk.begin(second.id(), second.token())).isEqualTo(LeaseAnswer.HOLDS);
    assertThat(desk.complete(second.id(), second.token(), PROBED)).isEqualTo(LeaseAnswer.HOLDS);
    assertThat(jobs.figures().lost()).isEqualTo(1);
  }

  @Test
  void aJobThatMayNotBeRepeatedEndsInErrorWithItsWorker() throws Exception {
    Job job = submit(SESSION);
    LeasedJob lost = begun();
    pass(JobLimits.DEFAULT.lease());
    sweep.sweep();
    assertThat(job(job.id()).state()).isEqualTo(JobState.ERROR);
    assertThat(desk.complete(lost.id(), lost.token(), new JobResult.Way("w1", PROBED)))
        .isEqualTo(LeaseAnswer.LOST);
  }

  @Test
  void aJobThatWasTakenAndNotBegunGoesBackWhateverItsKind() throws Exception {
    Job job = submit(SESSION);
    LeasedJob lost = takeOne();
    pass(JobLimits.DEFAULT.lease());
    sweep.sweep();
    assertThat(job(job.id()).state()).isEqualTo(JobState.NEW);
    assertThat(desk.begin(lost.id(), lost.token())).isEqualTo(LeaseAnswer.LOST);
    LeasedJob again = takeOne();
    assertThat(again.attempt()).isEqualTo(1);
  }

  @Test
  void aLeaseThatIsRenewedHoldsUntilTheKindsTimeIsOver() throws Exception {
    Job job = submit(PROBE);
    LeasedJob leased = begun();
    Duration passed = Duration.ZERO;
    while (passed.compareTo(JobKind.PROBE.longest()) < 0) {
      sweep.sweep();
      assertThat(desk.report(leased.id(), leased.token(), Progress.NONE, List.of()))
          .isEqualTo(LeaseAnswer.HOLDS);
      passed = passed.plusSeconds(10);
      pass(Duration.ofSeconds(10));
    }
    assertThat(desk.report(leased.id(), leased.token(), Progress.NONE, List.of()))
        .isEqualTo(LeaseAnswer.STOP);
    desk.fail(leased.id(), leased.token(), "stopped", true);
    assertThat(job(job.id()).state()).isEqualTo(JobState.ERROR);
    assertThat(job(job.id()).problem()).contains("longer than it may");
  }

  @Test
  void aFailedJobIsTriedAgainAfterPausesThatDoubleAndThenGivenUp() throws Exception {
    Job job = submit(PROBE);
    for (int attempt = 1; attempt <= JobKind.PROBE.attempts(); attempt++) {
      LeasedJob leased = begun();
      assertThat(desk.fail(leased.id(), leased.token(), "try " + attempt, true))
          .isEqualTo(LeaseAnswer.HOLDS);
      if (attempt < JobKind.PROBE.attempts()) {
        assertThat(job(job.id()).state()).isEqualTo(JobState.NEW);
        Duration pause = Duration.between(now.get(), job(job.id()).notBefore());
        assertThat(pause)
            .isEqualTo(JobLimits.DEFAULT.firstRetry().multipliedBy(1L << (attempt - 1)));
        pass(pause.minusMillis(1));
        assertThat(take("w1", "node-1", 1)).isEmpty();
        pass(Duration.ofMillis(1));
      }
    }
    assertThat(job(job.id()).state()).isEqualTo(JobState.ERROR);
    assertThat(job(job.id()).problem()).isEqualTo("try 3");
  }

  @Test
  void whatCannotSucceedIsNotTriedAgain() throws Exception {
    Job job = submit(PROBE);
    LeasedJob leased = begun();
    desk.fail(leased.id(), leased.token(), "never", false);
    assertThat(job(job.id()).state()).isEqualTo(JobState.ERROR);
  }

  @Test
  void aTargetThatIsGoneEndsItsJobs() throws Exception {
    Job job = submit(new JobParameters.ProbeTarget(Name.of("gone")));
    assertThat(take("w1", "node-1", 5)).isEmpty();
    assertThat(job(job.id()).state()).isEqualTo(JobState.ERROR);
    assertThat(job(job.id()).problem()).isEqualTo("there is no target gone");
  }

  @Test
  void cancellingDropsWhatWaitsAndTellsTheWorkerOfWhatRuns() throws Exception {
    Job waiting = submit(PROBE);
    assertThat(jobs.cancel(waiting.id(), "bora").orElseThrow().state()).isEqualTo(JobState.DROPPED);
    Job taken = submit(PROBE);
    LeasedJob lease = takeOne();
    assertThat(jobs.cancel(taken.id(), "bora").orElseThrow().state()).isEqualTo(JobState.DROPPED);
    assertThat(desk.begin(lease.id(), lease.token())).isEqualTo(LeaseAnswer.LOST);
    Job running = submit(PROBE);
    LeasedJob leased = begun();
    assertThat(jobs.cancel(running.id(), "bora").orElseThrow().state()).isEqualTo(JobState.RUNNING);
    assertThat(desk.report(leased.id(), leased.token(), Progress.NONE, List.of()))
        .isEqualTo(LeaseAnswer.STOP);
    desk.fail(leased.id(), leased.token(), "stopped", true);
    assertThat(job(running.id()).state()).isEqualTo(JobState.DROPPED);
    assertThat(job(running.id()).problem()).isEqualTo("cancelled by bora");
    assertThat(jobs.cancel(running.id(), "bora").orElseThrow().state()).isEqualTo(JobState.DROPPED);
    assertThat(jobs.cancel(JobId.create(now.get()), "bora")).isEmpty();
  }

  @Test
  void aJobPastItsDeadlineIsNeitherTakenNorBegun() throws Exception {
    Job job = jobs.submit(JobRequest.now(PROBE, "alice").by(now.get().plusSeconds(5)));
    Job other = jobs.submit(JobRequest.now(PROBE, "alice").by(now.get().plusSeconds(5)));
    LeasedJob leased = takeOne();
    pass(Duration.ofSeconds(5));
    assertThat(desk.begin(leased.id(), leased.token())).isEqualTo(LeaseAnswer.LOST);
    assertThat(take("w1", "node-1", 1)).isEmpty();
    sweep.sweep();
    assertThat(job(job.id()).state()).isEqualTo(JobState.DROPPED);
    assertThat(job(other.id()).state()).isEqualTo(JobState.DROPPED);
  }

  @Test
  void asManyOfAKindRunAtOnceAsItAllowsAndNotOneMore() throws Exception {
    for (int i = 0; i <= JobKind.PROBE.concurrency(); i++) {
      submit(PROBE);
    }
    List<LeasedJob> taken = new ArrayList<>(take("w1", null, 32));
    assertThat(taken).hasSize(JobKind.PROBE.concurrency());
    assertThat(take("w2", null, 32)).isEmpty();
    LeasedJob one = taken.getFirst();
    desk.begin(one.id(), one.token());
    assertThat(take("w2", null, 32)).isEmpty();
    desk.complete(one.id(), one.token(), PROBED);
    assertThat(take("w2", null, 32)).hasSize(1);
  }

  @Test
  void workersThatTakeAtOnceNeverGetTheSameJobNorMoreThanTheKindAllows() throws Exception {
    for (int i = 0; i < 40; i++) {
      submit(PROBE);
    }
    try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<LeasedJob>>> takes = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        TakeRequest request = new TakeRequest("w" + i, null, Set.of(JobKind.PROBE), 5, token());
        takes.add(workers.submit(() -> desk.take(request, Duration.ZERO)));
      }
      List<JobId> all = new ArrayList<>();
      for (Future<List<LeasedJob>> take : takes) {
        take.get().forEach(leased -> all.add(leased.id()));
      }
      assertThat(new HashSet<>(all)).hasSameSizeAs(all).hasSize(JobKind.PROBE.concurrency());
    }
  }

  @Test
  void aWorkerElsewhereGetsNothingThatNeedsTheGatewaysFiles() throws Exception {
    Job purge = submit(PURGE);
    assertThat(purge.node()).isEqualTo("node-1");
    assertThat(take("far", null, 5)).isEmpty();
    assertThat(take("other gateway", "node-2", 5)).isEmpty();
    assertThat(take("w1", "node-1", 5)).hasSize(1);
  }

  @Test
  void aKeyMakesOneJobHoweverOftenAndHoweverManyAsk() throws Exception {
    JobRequest request =
        new JobRequest(PROBE, new Job.Origin("alice", "the key", null, null), null, null);
    try (ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Job>> asked = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        asked.add(askers.submit(() -> jobs.submit(request)));
      }
      Set<JobId> ids = new HashSet<>();
      for (Future<Job> one : asked) {
        ids.add(one.get().id());
      }
      assertThat(ids).hasSize(1);
    }
    Job.Origin bobs = new Job.Origin("bob", "the key", null, null);
    assertThat(jobs.submit(new JobRequest(PROBE, bobs, null, null)).id())
        .as("another's key is another key")
        .isNotEqualTo(jobs.submit(request).id());
    assertThatThrownBy(() -> jobs.submit(new JobRequest(PURGE, request.origin(), null, null)))
        .isInstanceOf(JobRefusedException.class);
  }

  @Test
  void asManyJobsWaitAsMayAndTheNextIsRefused() {
    JobLimits two =
        new JobLimits(
            2,
            1,
            1,
            10,
            1,
            1,
            1,
            Duration.ofSeconds(6),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofDays(1),
            Duration.ofDays(1),
            1);
    open(two, "node-1");
    Job first = submit(PROBE);
    submit(PROBE);
    assertThatThrownBy(() -> submit(PROBE))
        .isInstanceOf(JobRefusedException.class)
        .extracting(e -> ((JobRefusedException) e).reason())
        .isEqualTo(JobRefusedException.Reason.FULL);
    jobs.cancel(first.id(), "alice");
    pass(Duration.ofSeconds(1));
    Job third = submit(PROBE);
    jobs.cancel(third.id(), "alice");
    assertThat(jobs.find(JobSearch.newest(10))).hasSize(3);
    pass(Duration.ofHours(1));
    sweep.sweep();
    assertThat(jobs.find(JobSearch.newest(10)))
        .as("one ended job is kept, the newest, and what waits")
        .hasSize(2)
        .extracting(Job::id)
        .contains(third.id())
        .doesNotContain(first.id());
    pass(Duration.ofDays(2));
    sweep.sweep();
    assertThat(jobs.find(third.id())).isEmpty();
  }

  @Test
  void linesPastTheLimitAreNotKeptAndLongOnesAreCut() throws Exception {
    submit(PROBE);
    LeasedJob leased = begun();
    List<JobLogLine> lines = new ArrayList<>();
    for (int number = 1; number <= JobLimits.DEFAULT.logLines() + 1; number++) {
      lines.add(new JobLogLine(number, now.get(), 0, "x".repeat(1_001)));
    }
    desk.report(leased.id(), leased.token(), Progress.NONE, lines);
    List<JobLogLine> kept = jobs.log(leased.id(), 0, 2_000);
    assertThat(kept).hasSize(JobLimits.DEFAULT.logLines());
    assertThat(kept.getLast().number()).isEqualTo(JobLimits.DEFAULT.logLines());
    assertThat(kept.getFirst().text()).isEqualTo("x".repeat(1_000) + "…");
  }

  @Test
  void whoAwaitsIsWokenByTheWorkersAnswer() throws Exception {
    Job job = submit(SESSION);
    try (ExecutorService waiting = Executors.newVirtualThreadPerTaskExecutor()) {
      Instant deadline = now.get().plus(Duration.ofMinutes(5));
      Future<Job> answer = waiting.submit(() -> jobs.await(job.id(), deadline));
      LeasedJob leased = begun();
      assertThat(answer.isDone()).isFalse();
      desk.complete(leased.id(), leased.token(), new JobResult.Way("w1", PROBED));
      assertThat(answer.get().result()).isEqualTo(new JobResult.Way("w1", PROBED));
    }
    assertThat(jobs.await(job.id(), now.get().plusSeconds(9)).state()).isEqualTo(JobState.DONE);
  }

  @Test
  void whoAwaitsIsWokenByAWorkerOfAnotherProcess() throws Exception {
    Job job = submit(SESSION);
    Jobs here = jobs;
    try (ExecutorService waiting = Executors.newVirtualThreadPerTaskExecutor()) {
      Instant deadline = now.get().plus(Duration.ofMinutes(5));
      Future<Job> answer = waiting.submit(() -> here.await(job.id(), deadline));
      open(JobLimits.DEFAULT, "node-2");
      LeasedJob leased = take("w2", "node-2", 1).getFirst();
      desk.begin(leased.id(), leased.token());
      desk.complete(leased.id(), leased.token(), new JobResult.Way("w2", PROBED));
      assertThat(answer.get().state()).isEqualTo(JobState.DONE);
    }
  }

  @Test
  void anAwaitEndsAtItsDeadlineWithTheJobAsItIs() throws Exception {
    Job job = submit(SESSION);
    assertThat(jobs.await(job.id(), now.get().plusMillis(20)).state()).isEqualTo(JobState.NEW);
    assertThat(jobs.await(job.id(), now.get()).state()).isEqualTo(JobState.NEW);
  }

  @Test
  void aJobIsDoneAgainAsAJobOfItsOwn() {
    Job job = submit(PROBE);
    jobs.cancel(job.id(), "alice");
    Job again = jobs.rerun(job.id(), "bora").orElseThrow();
    assertThat(again.origin().rerunOf()).isEqualTo(job.id());
    assertThat(again.origin().owner()).isEqualTo("bora");
    assertThat(again.parameters()).isEqualTo(PROBE);
    assertThat(job(again.id())).isEqualTo(again);
  }

  @Test
  void jobsAreFoundByStateKindAndOwnerNewestFirst() {
    Job probe = submit(PROBE);
    pass(Duration.ofSeconds(1));
    Job purge = jobs.submit(JobRequest.now(PURGE, "bob"));
    jobs.cancel(probe.id(), "alice");
    assertThat(jobs.find(JobSearch.newest(1))).extracting(Job::id).containsExactly(purge.id());
    assertThat(jobs.find(search(Set.of(JobState.DROPPED), Set.of(), null)))
        .extracting(Job::id)
        .containsExactly(probe.id());
    assertThat(jobs.find(search(Set.of(), Set.of(JobKind.PURGE), null))).hasSize(1);
    assertThat(jobs.find(search(Set.of(), Set.of(), "alice"))).hasSize(1);
    assertThat(jobs.find(search(Set.of(), Set.of(), "' or 1=1 --"))).isEmpty();
  }

  @Test
  void theNewestThatWasFoundOutAboutATargetIsThere() throws Exception {
    assertThat(jobs.newestDone(JobKind.PROBE, "web-1", 2)).isEmpty();
    for (int i = 0; i < 3; i++) {
      submit(PROBE);
      LeasedJob leased = begun();
      desk.complete(leased.id(), leased.token(), PROBED);
      pass(Duration.ofSeconds(1));
    }
    Job waiting = submit(PROBE);
    List<Job> newest = jobs.newestDone(JobKind.PROBE, "web-1", 2);
    assertThat(newest).hasSize(2).doesNotContain(waiting);
    assertThat(newest.getFirst().id()).isGreaterThan(newest.getLast().id());
    assertThat(jobs.newestDone(JobKind.PROBE, "web-2", 2)).isEmpty();
    assertThat(jobs.newestDone(JobKind.BACKUP, "web-1", 2)).isEmpty();
  }

  @Test
  void aWorkerThatAsksIsSeenWithWhatItServes() throws Exception {
    assertThat(jobs.workers()).isEmpty();
    take("far", "worker:far", 1);
    Instant first = now.get();
    pass(Duration.ofSeconds(29));
    take("far", "worker:far", 1);
    assertThat(jobs.workers())
        .containsExactly(new WorkerSight("far", "worker:far", Set.of(JobKind.values()), first));
    pass(Duration.ofSeconds(1));
    take("far", "worker:far", 1);
    take("near", "node-1", 1);
    assertThat(jobs.workers()).extracting(WorkerSight::worker).containsExactly("far", "near");
    assertThat(jobs.workers()).extracting(WorkerSight::at).containsOnly(now.get());
    pass(JobLimits.DEFAULT.history());
    take("near", "node-1", 1);
    pass(Duration.ofSeconds(1));
    sweep.sweep();
    assertThat(jobs.workers()).extracting(WorkerSight::worker).containsExactly("near");
  }

  @Test
  void aScheduleMakesOneJobForEachMomentHoweverManyAreCalled() throws Exception {
    Name nightly = Name.of("nightly");
    jobs.put(nightly("node-2", true));
    Instant three = now.get().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofHours(27));
    now.set(three);
    assertThat(sweep.make(nightly)).contains(three.plus(Duration.ofDays(1)));
    pass(Duration.ofSeconds(2)); // another process is called for the same moment
    assertThat(sweep.make(nightly)).contains(three.plus(Duration.ofDays(1)));
    Job made = ofSchedule(nightly).getFirst();
    assertThat(ofSchedule(nightly)).hasSize(1);
    assertThat(made.parameters()).isEqualTo(PURGE);
    assertThat(made.origin().owner()).isEqualTo("alice");
    assertThat(made.node()).isEqualTo("node-2");
    assertThat(take("w2", "node-2", 1)).extracting(LeasedJob::id).containsExactly(made.id());
    now.set(three.plus(Duration.ofDays(1)));
    assertThat(sweep.make(nightly)).contains(three.plus(Duration.ofDays(2)));
    assertThat(ofSchedule(nightly)).hasSize(2);
  }

  @Test
  void aScheduleThatRestsOrIsGoneMakesNothing() {
    Name nightly = Name.of("nightly");
    assertThat(sweep.make(nightly)).isEmpty();
    jobs.put(nightly("node-1", false));
    assertThat(sweep.make(nightly)).isEmpty();
    jobs.put(nightly("node-1", true));
    jobs.serve(Set.of(JobKind.PROBE));
    assertThat(sweep.make(nightly)).as("it is tried again at its next time").isPresent();
    assertThat(jobs.find(JobSearch.newest(10))).isEmpty();
  }

  private List<Job> ofSchedule(Name schedule) {
    return jobs.find(new JobSearch(Set.of(), Set.of(), null, schedule, null, 10));
  }

  private static JobSchedule nightly(String node, boolean active) {
    return new JobSchedule(
        Name.of("nightly"),
        PURGE,
        CronTimes.parse("0 3 * * *"),
        ZoneOffset.UTC,
        node,
        "alice",
        active);
  }

  @Test
  void aScheduleOfAKindThatNobodyDoesIsRefused() {
    jobs.serve(Set.of(JobKind.PROBE));
    JobSchedule purge = nightly("node-1", true);
    assertThatThrownBy(() -> jobs.put(purge))
        .isInstanceOf(JobRefusedException.class)
        .extracting(e -> ((JobRefusedException) e).reason())
        .isEqualTo(JobRefusedException.Reason.KIND);
    assertThat(jobs.schedules()).isEmpty();
    jobs.serve(Set.of(JobKind.PURGE));
    jobs.put(purge);
    assertThat(jobs.schedules()).containsExactly(purge);
  }

  private static JobSearch search(Set<JobState> states, Set<JobKind> kinds, String owner) {
    return new JobSearch(states, kinds, owner, null, null, 10);
  }

  /// Calls nobody; the tests call by themselves.
  private static final class NoWakeups implements Wakeups {
    @Override
    public void start(Calls calls, Duration sweepEvery) {}

    @Override
    public void due(JobId job, Instant when) {}

    @Override
    public void make(Name schedule, Instant when) {}

    @Override
    public void forget(Name schedule) {}

    @Override
    public void close() {}
  }
}
