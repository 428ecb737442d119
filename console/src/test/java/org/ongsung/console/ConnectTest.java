package org.ongsung.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ongsung.console.house.Browser;
import org.ongsung.console.house.ConsoleHouse;
import org.ongsung.console.services.ConsoleLimits;
import org.ongsung.jobs.HostKeyCheck;
import org.ongsung.jobs.Job;
import org.ongsung.jobs.JobSearch;
import org.ongsung.jobs.JobState;
import org.ongsung.testkit.Deadlines;

/// The common nested flow: a person's *connect* contains the asking for a job, which a worker takes
/// and answers while the person waits.
class ConnectTest {
  private ConsoleHouse house;

  @BeforeEach
  void start() throws Exception {
    house = ConsoleHouse.start();
  }

  @AfterEach
  void stop() {
    house.close();
  }

  private HttpResponse<String> connect(String user, String target, String account)
      throws Exception {
    try (Browser browser = Browser.of(house, user)) {
      return browser.post("/connect", Map.of("target", target, "account", account));
    }
  }

  @Test
  void aPersonWhoConnectsIsToldTheWayThatAWorkerFound() throws Exception {
    house.findsWay(ConsoleHouse.seen(true, HostKeyCheck.MATCHES));
    HttpResponse<String> page = connect("alice", "web-1", "root");
    assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
    assertThat(page.body())
        .contains("SHA256:b6dPC7SQ")
        .contains("ssh -p 2222 alice")
        .contains("web-1@gate.example.com");
  }

  @Test
  void aTargetThatDoesNotAnswerIsSaidSoWithoutInnerDetails() throws Exception {
    house.findsWay(ConsoleHouse.seen(false, HostKeyCheck.NOT_SEEN));
    HttpResponse<String> page = connect("alice", "web-1", "root");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("does not answer").doesNotContain("inner network");
  }

  @Test
  void aChangedHostKeyIsNoWayIn() throws Exception {
    house.findsWay(ConsoleHouse.seen(true, HostKeyCheck.CHANGED));
    HttpResponse<String> page = connect("alice", "web-1", "root");
    assertThat(page.body()).contains("Do not connect").doesNotContain("ssh -p 2222");
  }

  @Test
  void whereNoWorkerAnswersInTimeThePersonIsToldSoAndNobodyDoesTheJobLater() throws Exception {
    Duration longest = Duration.ofMillis(200);
    try (ConsoleHouse alone = ConsoleHouse.start(ConsoleLimits.DEFAULT.withConnecting(longest));
        Browser alice = Browser.of(alone, "alice")) {
      CompletableFuture<HttpResponse<String>> page =
          CompletableFuture.supplyAsync(() -> quietly(() -> connect(alice)));
      Deadlines.await("the job is asked for", () -> newest(alone).isPresent());
      Job job = newest(alone).orElseThrow();
      assertThat(job.deadline()).isEqualTo(job.createdAt().plus(longest));
      alone.advance(longest);
      assertThat(page.get(Deadlines.ACTION.toSeconds(), TimeUnit.SECONDS).body())
          .contains("could not be found out in time", "Try again")
          .doesNotContain("SHA256:");
      alone.findsWay(ConsoleHouse.seen(true, HostKeyCheck.MATCHES));
      Deadlines.await(
          "nobody does it any more", () -> newest(alone).orElseThrow().state() == JobState.DROPPED);
    }
  }

  @Test
  void whereAWorkerFailsThePersonIsToldWithoutWaitingForTheDeadlineAndWithoutInnerDetails()
      throws Exception {
    Duration never = Deadlines.SERVICE.multipliedBy(2);
    try (ConsoleHouse failing = ConsoleHouse.start(ConsoleLimits.DEFAULT.withConnecting(never));
        Browser alice = Browser.of(failing, "alice")) {
      failing.failsToFindWay();
      HttpResponse<String> page =
          CompletableFuture.supplyAsync(() -> quietly(() -> connect(alice)))
              .get(Deadlines.SERVICE.toSeconds(), TimeUnit.SECONDS);
      assertThat(page.body())
          .contains("the worker that looked failed", "Try again")
          .doesNotContain("in time")
          .doesNotContain("inner detail", "SHA256:");
      assertThat(newest(failing).orElseThrow().state()).isEqualTo(JobState.ERROR);
    }
  }

  private static HttpResponse<String> connect(Browser browser) throws Exception {
    return browser.post("/connect", Map.of("target", "web-1", "account", "root"));
  }

  private static <T> T quietly(Callable<T> work) {
    try {
      return work.call();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static Optional<Job> newest(ConsoleHouse house) {
    return house.jobs().find(new JobSearch(Set.of(), Set.of(), "alice", null, null, 1)).stream()
        .findFirst();
  }

  @Test
  void whatOneMayNotReachLooksLikeWhatIsNotThere() throws Exception {
    house.findsWay(ConsoleHouse.seen(true, HostKeyCheck.MATCHES));
    HttpResponse<String> forbidden = connect("nobody", "web-1", "root");
    HttpResponse<String> missing = connect("nobody", "no-such", "root");
    HttpResponse<String> unreadable = connect("nobody", "../x", "root");
    assertThat(forbidden.statusCode()).isEqualTo(404);
    assertThat(missing.statusCode()).isEqualTo(404);
    assertThat(unreadable.statusCode()).isEqualTo(404);
  }

  @Test
  void aConnectionIsItsOwnersAlone() throws Exception {
    house.findsWay(ConsoleHouse.seen(true, HostKeyCheck.MATCHES));
    assertThat(connect("alice", "web-1", "root").statusCode()).isEqualTo(200);
    String id =
        house
            .jobs()
            .find(new JobSearch(Set.of(), Set.of(), "alice", null, null, 1))
            .getFirst()
            .id()
            .value();
    try (Browser alice = Browser.of(house, "alice");
        Browser chulsoo = Browser.of(house, "chulsoo");
        Browser admin = Browser.of(house, "admin")) {
      assertThat(alice.get("/api/v1/me/connections/" + id).statusCode()).isEqualTo(200);
      assertThat(chulsoo.get("/api/v1/me/connections/" + id).statusCode()).isEqualTo(404);
      assertThat(admin.get("/api/v1/me/connections/" + id).statusCode()).isEqualTo(404);
    }
  }
}
