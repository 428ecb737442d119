package org.ongsung.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.ongsung.jobs.CronTimes;
import org.ongsung.jobs.JobId;
import org.ongsung.jobs.JobLimits;
import org.ongsung.jobs.JobParameters;
import org.ongsung.jobs.JobSchedule;
import org.ongsung.jobs.JobSearch;
import org.ongsung.jobs.JobSweep;
import org.ongsung.jobs.Jobs;
import org.ongsung.jobs.Wakeups;
import org.ongsung.model.Name;
import org.ongsung.testkit.Deadlines;

/// Calls at times that the database keeps.
abstract class WakeupsContract extends StoreContract {
  private static final Duration EVERY = Duration.ofMillis(100);

  /// A time is set and forgotten, or its database closed, before so much has passed.
  private static final Duration ENOUGH_TO_SET = Duration.ofSeconds(3);

  private static final Name NIGHTLY = Name.of("nightly");
  private static final JobSchedule EACH_MINUTE =
      new JobSchedule(
          NIGHTLY,
          new JobParameters.MakeBackup(7),
          CronTimes.parse("* * * * *"),
          ZoneOffset.UTC,
          "node-1",
          "alice",
          true);

  WakeupsContract(DatabaseFixture fixture) {
    super(fixture);
  }

  private static final class Heard implements Wakeups.Calls {
    final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
    volatile Optional<Instant> next = Optional.empty();

    @Override
    public void sweep() {
      calls.add("sweep");
    }

    @Override
    public void due() {
      calls.add("due");
    }

    @Override
    public Optional<Instant> make(Name schedule) {
      calls.add("make " + schedule);
      return next;
    }

    void await(String call) throws InterruptedException {
      String heard = "";
      while (!call.equals(heard)) {
        heard = calls.poll(Deadlines.ACTION.toMillis(), TimeUnit.MILLISECONDS);
        assertThat(heard).as(call).isNotNull();
      }
    }
  }

  @Test
  void theTimesCallAndCallAgain() throws Exception {
    Heard heard = new Heard();
    try (Wakeups wakeups = database.wakeups("node-1")) {
      wakeups.start(heard, EVERY);
      heard.await("sweep");
      heard.await("sweep");
      wakeups.due(JobId.create(Instant.now()), Instant.now());
      heard.await("due");
      heard.next = Optional.of(Instant.now());
      wakeups.make(NIGHTLY, Instant.now());
      heard.await("make nightly");
      heard.await("make nightly");
      heard.next = Optional.empty();
      heard.await("sweep");
    }
  }

  @Test
  void aTimeThatWasSetIsKeptOverARestartAndCalledOnce() throws Exception {
    Heard heard = new Heard();
    Instant soon = Instant.now().plus(ENOUGH_TO_SET);
    try (Wakeups wakeups = database.wakeups("node-1")) {
      wakeups.start(new Heard(), Duration.ofHours(1));
      wakeups.make(NIGHTLY, soon.plusSeconds(600));
      wakeups.make(NIGHTLY, soon);
    }
    reopen();
    try (Wakeups one = database.wakeups("node-1");
        Wakeups other = database.wakeups("node-2")) {
      one.start(heard, EVERY);
      other.start(heard, EVERY);
      heard.await("make nightly");
      heard.await("sweep");
      heard.await("sweep");
      assertThat(heard.calls).doesNotContain("make nightly");
    }
  }

  @Test
  void whatIsForgottenDoesNotCall() throws Exception {
    Heard heard = new Heard();
    try (Wakeups wakeups = database.wakeups("node-1")) {
      wakeups.start(heard, EVERY);
      wakeups.make(NIGHTLY, Instant.now().plus(ENOUGH_TO_SET));
      wakeups.forget(NIGHTLY);
      wakeups.forget(NIGHTLY);
      Instant later = Instant.now().plus(ENOUGH_TO_SET).plusMillis(200);
      while (Instant.now().isBefore(later)) {
        heard.await("sweep");
      }
      assertThat(heard.calls).doesNotContain("make nightly");
    }
  }

  @Test
  void aScheduleThatIsSetUpMakesItsJob() {
    AtomicReference<Duration> behind = new AtomicReference<>(Duration.ofMinutes(1));
    try (Wakeups wakeups = database.wakeups("node-1")) {
      Jobs jobs = jobs(wakeups, behind);
      new JobSweep(jobs).start();
      jobs.put(EACH_MINUTE);
      behind.set(Duration.ZERO);
      awaitJobOfTheSchedule(jobs);
    }
  }

  @Test
  void aScheduleThatWasThereBeforeTheStartMakesItsJob() {
    database.jobs().putSchedule(EACH_MINUTE, 1);
    reopen();
    AtomicReference<Duration> behind = new AtomicReference<>(Duration.ofMinutes(1));
    try (Wakeups wakeups = database.wakeups("node-1")) {
      Jobs jobs = jobs(wakeups, behind);
      new JobSweep(jobs).start();
      behind.set(Duration.ZERO);
      awaitJobOfTheSchedule(jobs);
    }
  }

  /// A queue whose clock is behind, so that the next full minute has come already.
  private Jobs jobs(Wakeups wakeups, AtomicReference<Duration> behind) {
    return new Jobs(
        database.jobs(),
        wakeups,
        "node-1",
        JobLimits.DEFAULT,
        () -> Instant.now().minus(behind.get()));
  }

  private static void awaitJobOfTheSchedule(Jobs jobs) {
    Deadlines.await(
        "the schedule makes its job",
        () ->
            jobs
                .find(new JobSearch(Set.of(), Set.of(), null, null, null, JobSearch.MAX_LIMIT))
                .stream()
                .anyMatch(
                    job ->
                        NIGHTLY.equals(job.origin().schedule())
                            && job.parameters().equals(EACH_MINUTE.parameters())));
  }

  @Test
  void schedulesAreKeptChangedAndTakenAway() {
    JobSchedule schedule =
        new JobSchedule(
            NIGHTLY,
            new JobParameters.MakeBackup(7),
            CronTimes.parse("0 3 * * *"),
            ZoneOffset.UTC,
            "node-1",
            "alice",
            true);
    database.jobs().putSchedule(schedule, 1);
    assertThat(database.jobs().schedules()).containsExactly(schedule);
    assertThat(database.jobs().schedule(NIGHTLY)).contains(schedule);
    JobSchedule changed =
        new JobSchedule(
            NIGHTLY,
            new JobParameters.MakeBackup(8),
            CronTimes.parse("0 4 * * 1-5"),
            ZoneOffset.UTC,
            null,
            "bora",
            false);
    database.jobs().putSchedule(changed, 1);
    assertThat(database.jobs().schedules()).isEqualTo(List.of(changed));
    assertThat(database.jobs().deleteSchedule(NIGHTLY)).isTrue();
    assertThat(database.jobs().deleteSchedule(NIGHTLY)).isFalse();
  }
}
