package org.ongsung.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.ongsung.model.Name;
import org.ongsung.testkit.Deadlines;

/// A worker whose queue has faults that no queue ought to have.
class JobWorkerTest {
  private static final JobId JOB = JobId.create(Instant.EPOCH);
  private static final JobParameters PROBE = new JobParameters.ProbeTarget(Name.of("web-1"));
  private static final JobResult.Probed PROBED =
      new JobResult.Probed(true, "", Duration.ofMillis(3), "SSH-2.0-x", "", HostKeyCheck.UNKNOWN);

  private final Faulty queue = new Faulty();

  private JobWorker worker(JobWork work) {
    return new JobWorker(
        "near", "node-1", queue, Map.of(JobKind.PROBE, work), 2, Clock.systemUTC());
  }

  private static LeasedJob leased(String token) {
    return new LeasedJob(
        JOB, PROBE, token, 1, Instant.EPOCH, Duration.ofMillis(10), JobKind.PROBE.longest(), null);
  }

  private static <T> T await(CompletableFuture<T> future) throws Exception {
    return future.get(Deadlines.ACTION.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void itTakesJobsThoughItsQueueFailedInWaysThatNobodyForesaw() throws Exception {
    queue.faults.add(() -> new IllegalStateException("a fault inside"));
    queue.faults.add(() -> new AssertionError("a fault that a check found"));
    queue.faults.add(() -> new JobsUnavailableException("away", null));
    try (JobWorker worker = worker((_, _, _) -> PROBED)) {
      worker.start();
      assertThat(await(queue.completed)).isEqualTo(PROBED);
    }
    assertThat(queue.tokens.subList(0, 4))
        .as("the same token, for what an answer that was lost may have leased")
        .containsOnly(queue.tokens.getFirst());
  }

  @Test
  void workGoesOnAndHearsThatItIsToStopThoughASignOfLifeFailed() throws Exception {
    queue.reportFaults.add(() -> new IllegalStateException("a fault inside"));
    queue.reportFaults.add(() -> new AssertionError("a fault that a check found"));
    queue.reported = LeaseAnswer.STOP;
    CompletableFuture<String> stopped = new CompletableFuture<>();
    JobWork endless =
        (_, _, _) -> {
          try {
            Thread.sleep(Deadlines.SERVICE);
          } catch (InterruptedException e) {
            stopped.complete("stopped");
            throw e;
          }
          return PROBED;
        };
    try (JobWorker worker = worker(endless)) {
      worker.start();
      assertThat(await(stopped)).isEqualTo("stopped");
      assertThat(await(queue.failed)).isEqualTo("stopped");
    }
  }

  @Test
  void whatBecameOfAJobIsToldThoughTheQueueFailedInWaysThatNobodyForesaw() throws Exception {
    queue.completeFaults.add(() -> new IllegalStateException("a fault inside"));
    queue.completeFaults.add(() -> new AssertionError("a fault that a check found"));
    queue.completeFaults.add(() -> new JobsUnavailableException("away", null));
    try (JobWorker worker = worker((_, _, _) -> PROBED)) {
      worker.start();
      assertThat(await(queue.completed)).isEqualTo(PROBED);
    }
  }

  @Test
  void aWorkerThatIsClosedGivesUpItsLastQuestion() throws Exception {
    try (JobWorker worker = worker((_, _, _) -> PROBED)) {
      worker.start();
      assertThat(await(queue.completed)).isEqualTo(PROBED);
    }
    assertThat(await(queue.left)).isEqualTo("near " + queue.tokens.getLast());
  }

  /// Fails as it is told, then has one job.
  private static final class Faulty implements JobQueue {
    final Queue<Supplier<Throwable>> faults = new ConcurrentLinkedQueue<>();
    final Queue<Supplier<Throwable>> reportFaults = new ConcurrentLinkedQueue<>();
    final Queue<Supplier<Throwable>> completeFaults = new ConcurrentLinkedQueue<>();
    final List<String> tokens = new CopyOnWriteArrayList<>();
    final CompletableFuture<JobResult> completed = new CompletableFuture<>();
    final CompletableFuture<String> failed = new CompletableFuture<>();
    final CompletableFuture<String> left = new CompletableFuture<>();
    volatile LeaseAnswer reported = LeaseAnswer.HOLDS;
    private boolean given;

    private static void fail(Queue<Supplier<Throwable>> faults) {
      Supplier<Throwable> fault = faults.poll();
      switch (fault == null ? null : fault.get()) {
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case null, default -> {}
      }
    }

    @Override
    public synchronized List<LeasedJob> take(TakeRequest request, Duration patience)
        throws InterruptedException {
      tokens.add(request.token());
      fail(faults);
      if (given) {
        Thread.sleep(Duration.ofMillis(10));
        return List.of();
      }
      given = true;
      return List.of(leased(request.token()));
    }

    @Override
    public void leave(String worker, String token) {
      left.complete(worker + " " + token);
    }

    @Override
    public LeaseAnswer begin(JobId job, String token) {
      return LeaseAnswer.HOLDS;
    }

    @Override
    public LeaseAnswer report(JobId job, String token, Progress progress, List<JobLogLine> lines) {
      fail(reportFaults);
      return reported;
    }

    @Override
    public LeaseAnswer complete(JobId job, String token, JobResult result) {
      fail(completeFaults);
      completed.complete(result);
      return LeaseAnswer.HOLDS;
    }

    @Override
    public LeaseAnswer fail(JobId job, String token, String problem, boolean again) {
      failed.complete(problem);
      return LeaseAnswer.HOLDS;
    }

    @Override
    public LeaseAnswer giveBack(JobId job, String token) {
      return LeaseAnswer.LOST;
    }
  }
}
