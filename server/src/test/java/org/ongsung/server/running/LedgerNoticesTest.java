package org.ongsung.server.running;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ongsung.audit.Ledger;
import org.ongsung.audit.LedgerLimits;
import org.ongsung.console.text.Language;
import org.ongsung.jobs.Job;
import org.ongsung.jobs.JobKind;
import org.ongsung.jobs.JobLimits;
import org.ongsung.jobs.JobParameters;
import org.ongsung.jobs.JobSearch;
import org.ongsung.jobs.Jobs;
import org.ongsung.jobs.Wakeups;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.HostAndPort;
import org.ongsung.server.configuration.Notices;
import org.ongsung.store.Database;
import org.ongsung.store.DatabaseConfig;

/// Which events of the ledger make jobs, and how often.
@Timeout(240)
class LedgerNoticesTest {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final Notices HOOK =
      new Notices(
          Optional.of(
              new Notices.Webhook(
                  URI.create("https://hooks.example.com/"),
                  Optional.of(Path.of("secret")),
                  Set.of(AuditCode.LOGIN_BLOCKED))),
          Optional.empty());

  @TempDir private Path folder;
  private Database database;
  private Ledger ledger;
  private Jobs jobs;
  private Wakeups wakeups;

  @BeforeEach
  void open() {
    database = Database.open(new DatabaseConfig.Embedded(folder));
    database.migrate();
    ledger = new Ledger(database.ledger(), LedgerLimits.DEFAULT);
    wakeups = database.wakeups("node-1");
    jobs = new Jobs(database.jobs(), wakeups, "node-1", JobLimits.DEFAULT, CLOCK);
  }

  @AfterEach
  void close() {
    wakeups.close();
    ledger.close();
    database.close();
  }

  private void happens(AuditCode code, String subject) {
    long _ =
        ledger.append(
            new AuditEvent(
                CLOCK.instant(), code, "system", "192.0.2.7", null, subject, Map.of("user", "a")));
  }

  private List<Job> asked() {
    return jobs.find(
        new JobSearch(Set.of(), Set.of(JobKind.NOTIFY), null, null, null, JobSearch.MAX_LIMIT));
  }

  private void awaitJobs(int wanted) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (asked().size() < wanted && System.nanoTime() < end) {
      Thread.sleep(50);
    }
    assertThat(asked()).hasSize(wanted);
  }

  private LedgerNotices started() {
    return started(HOOK);
  }

  private LedgerNotices started(Notices to) {
    LedgerNotices notices = new LedgerNotices(to, ledger, jobs, CLOCK);
    notices.start();
    return notices;
  }

  @Test
  void anEventThatIsAskedForMakesOneJobAlsoAfterARestart() throws Exception {
    happens(AuditCode.LOGIN_BLOCKED, "192.0.2.7");
    happens(AuditCode.LOGIN_FAILURE, "nobody asked for this");
    try (LedgerNotices _ = started()) {
      awaitJobs(1);
      happens(AuditCode.LOGIN_BLOCKED, "192.0.2.8");
      awaitJobs(2);
    }
    try (LedgerNotices _ = started()) {
      happens(AuditCode.LOGIN_BLOCKED, "192.0.2.9");
      awaitJobs(3);
    }
    JobParameters.Notify oldest = (JobParameters.Notify) asked().getLast().parameters();
    assertThat(oldest.title()).isEqualTo("login.blocked 192.0.2.7");
    assertThat(oldest.text()).contains("from: 192.0.2.7").contains("user: a");
    assertThat(oldest.event()).isEqualTo(1);
  }

  private static Notices mail(Language language) {
    return new Notices(
        Optional.empty(),
        Optional.of(
            new Notices.Mail(
                new HostAndPort("smtp.example.com", 25),
                Notices.Security.NONE,
                "gate@example.com",
                List.of("ops@example.com"),
                Optional.empty(),
                Optional.empty(),
                Set.of(AuditCode.LOGIN_BLOCKED),
                language)));
  }

  @Test
  void aMailIsInTheLanguageOfItsReaders() throws Exception {
    for (int i = 1; i <= 22; i++) {
      happens(AuditCode.LOGIN_BLOCKED, "192.0.2." + i);
    }
    try (LedgerNotices _ = started(mail(Language.KOREAN))) {
      awaitJobs(21);
    }
    assertThat(told(1))
        .returns("로그인 차단: 192.0.2.1", JobParameters.Notify::title)
        .satisfies(
            mail ->
                assertThat(mail.text())
                    .contains("시각: 2", "행위자: system", "접속한 곳: 192.0.2.7", "사건: login.blocked"));
    assertThat(told(22))
        .returns("그 밖의 사건 2건", JobParameters.Notify::title)
        .satisfies(mail -> assertThat(mail.text()).contains("로그인 차단: 192.0.2.21"));
  }

  @Test
  void aMailInEnglishHasWordsTooAndAPostKeepsTheLedgersOwn() throws Exception {
    happens(AuditCode.LOGIN_BLOCKED, "192.0.2.1");
    Notices both = new Notices(HOOK.webhook(), mail(Language.ENGLISH).mail());
    try (LedgerNotices _ = started(both)) {
      awaitJobs(2);
    }
    assertThat(asked())
        .extracting(job -> ((JobParameters.Notify) job.parameters()).title())
        .containsExactlyInAnyOrder("login.blocked 192.0.2.1", "Login blocked: 192.0.2.1");
  }

  private JobParameters.Notify told(long event) {
    return asked().stream()
        .map(job -> (JobParameters.Notify) job.parameters())
        .filter(notify -> notify.event() == event)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aFloodOfEventsIsToldInAFewMessages() throws Exception {
    for (int i = 0; i < 50; i++) {
      happens(AuditCode.LOGIN_BLOCKED, "192.0.2." + i);
    }
    try (LedgerNotices _ = started()) {
      awaitJobs(21);
    }
    assertThat(asked())
        .extracting(job -> ((JobParameters.Notify) job.parameters()).title())
        .contains("30 more events");
  }
}
