package org.ongsung.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ongsung.console.house.Browser;
import org.ongsung.console.house.ConsoleHouse;
import org.ongsung.console.house.Samples;
import org.ongsung.console.http.Json;
import org.ongsung.jobs.Job;
import org.ongsung.jobs.JobId;
import org.ongsung.jobs.JobKind;
import org.ongsung.jobs.JobResult;
import org.ongsung.jobs.JobSearch;
import org.ongsung.jobs.JobState;
import org.ongsung.jobs.LeaseDesk;
import org.ongsung.jobs.LeasedJob;
import org.ongsung.jobs.Progress;
import org.ongsung.jobs.TakeRequest;

/// The pages of jobs, schedules and workers, as a browser without JavaScript uses them.
@Timeout(240)
class JobPagesTest {
  private ConsoleHouse house;
  private Browser admin;

  @BeforeEach
  void start() throws Exception {
    house = ConsoleHouse.start();
    admin = Browser.of(house, "admin");
  }

  @AfterEach
  void stop() {
    admin.close();
    house.close();
  }

  private LeasedJob takenBackup() throws Exception {
    LeaseDesk desk = desk();
    LeasedJob leased =
        desk.take(
                new TakeRequest("gate", "gate", Set.of(JobKind.BACKUP), 1, "a-token-of-16-chars"),
                Duration.ZERO)
            .getFirst();
    desk.begin(leased.id(), leased.token());
    return leased;
  }

  private LeaseDesk desk() {
    return new LeaseDesk(house.jobs(), _ -> java.util.Optional.empty());
  }

  private static String location(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
    return answer.headers().firstValue("Location").orElseThrow();
  }

  @Test
  void aJobIsAskedForWatchedStoppedAndRepeatedByForms() throws Exception {
    admin.get("/jobs");
    String address =
        location(admin.post("/jobs", Map.of("kind", "backup", "parameters", "keep=3\n")));
    assertThat(admin.get(address).body()).contains("Waiting").contains("/cancel");
    LeasedJob leased = takenBackup();
    desk().report(leased.id(), leased.token(), new Progress(55, "half & more"), List.of());
    assertThat(admin.get(address).body()).contains("value=\"55\"").contains("half &amp; more");
    assertThat(location(admin.post(address + "/cancel", Map.of()))).isEqualTo(address);
    assertThat(admin.get(address).body()).contains("is being stopped by admin");
    desk().fail(leased.id(), leased.token(), "stopped", false);
    assertThat(admin.get(address).body())
        .contains("Dropped")
        .contains("cancelled by admin")
        .doesNotContain("/cancel");
    assertThat(location(admin.post(address + "/cancel", Map.of()))).isEqualTo(address);
    String again = location(admin.post(address + "/rerun", Map.of()));
    assertThat(again).isNotEqualTo(address);
    assertThat(admin.get(again).body()).contains(address);
  }

  @Test
  void theListIsFilteredByStateKindAndAsker() throws Exception {
    String failed = house.sampleJobs().get(2).id().value();
    String done = house.sampleJobs().get(0).id().value();
    assertThat(admin.get("/jobs").body()).contains(failed, done);
    assertThat(admin.get("/jobs?state=error").body()).contains(failed).doesNotContain(done);
    assertThat(admin.get("/jobs?kind=backup").body()).doesNotContain(failed, done);
    assertThat(admin.get("/jobs?owner=admin").body()).contains(failed, done);
    assertThat(admin.get("/jobs?owner=bora").body()).doesNotContain(failed, done);
    assertThat(admin.get("/jobs?before=" + failed).body()).contains(done).doesNotContain(failed);
    assertThat(admin.get("/jobs?state=nonsense").body()).contains("A filter cannot be read");
  }

  @Test
  void whatIsWrongIsSaidAndTypedTextStays() throws Exception {
    admin.get("/jobs");
    var wrong = admin.post("/jobs", Map.of("kind", "probe", "parameters", "target=Not A Name"));
    assertThat(wrong.statusCode()).isEqualTo(422);
    assertThat(wrong.body()).contains("does not fit its kind").contains("target=Not A Name");
    house.jobs().serve(Set.of(JobKind.PROBE));
    var schedule =
        Map.of(
            "name", "nightly-two",
            "kind", "backup",
            "parameters", "keep=7",
            "cron", "0 3 * * *",
            "zone", "UTC");
    assertThat(admin.post("/schedules", schedule).body()).contains("cannot be done here");
    assertThat(admin.post("/jobs/" + house.sampleJobs().get(1).id() + "/rerun", Map.of()).body())
        .contains("cannot be done here");
    assertThat(house.jobs().find(JobSearch.newest(100))).hasSize(house.sampleJobs().size());
  }

  @Test
  void anAuditorMayAskForAReportAndReadItAndNothingElse() throws Exception {
    try (Browser auditor = Browser.of(house, "bora")) {
      auditor.get("/jobs");
      String times = "since=2026-01-01T00:00:00Z\nuntil=2026-02-01T00:00:00Z";
      String report = "content=sessions\nform=csv\n" + times;
      String address =
          location(auditor.post("/jobs", Map.of("kind", "report", "parameters", report)));
      assertThat(auditor.get(address + "/file").statusCode()).as("not built yet").isEqualTo(404);
      var backup = auditor.post("/jobs", Map.of("kind", "backup", "parameters", "keep=1"));
      assertThat(backup.statusCode()).isEqualTo(403);
      String done = "/jobs/" + house.sampleJobs().get(6).id();
      assertThat(auditor.get(done).body()).contains(done + "/file");
      var file = auditor.get(done + "/file");
      assertThat(file.body()).isEqualTo("session,user\r\n");
      assertThat(file.headers().firstValue("Content-Disposition").orElse(""))
          .startsWith("attachment; filename=\"sessions-");
      assertThat(auditor.get("/api/v1/ledger?code=report.read").body()).contains("bora");
      String others = "/jobs/" + house.sampleJobs().get(1).id() + "/file";
      assertThat(auditor.get(others).statusCode()).as("a backup is no report").isEqualTo(404);
    }
  }

  @Test
  void aScheduleIsSetUpChangedAndTakenAwayByForms() throws Exception {
    admin.get("/schedules");
    location(
        admin.post(
            "/schedules",
            Map.of(
                "name", "hourly",
                "kind", "backup",
                "parameters", "keep=2",
                "cron", "5 * * * *",
                "zone", "Asia/Seoul")));
    assertThat(admin.get("/schedules").body()).contains("hourly").contains("5 * * * *");
    assertThat(admin.get("/schedules?name=hourly").body()).contains("value=\"5 * * * *\"");
    location(admin.post("/schedules/hourly/delete", Map.of()));
    location(admin.post("/schedules/hourly/delete", Map.of()));
    assertThat(admin.get("/schedules").body()).doesNotContain("hourly");
  }

  @Test
  void aWorkerShowsWhatItCanDoAndWhenItWasSeen() throws Exception {
    admin.get("/workers");
    String made = admin.post("/workers", Map.of("name", "branch")).body();
    String token = made.replaceFirst("(?s).*id=\"new-token\">([^<]+)<.*", "$1");
    assertThat(admin.get("/workers").body()).contains("branch").contains("never");
    HttpResponse<String> taken =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(house.uri("/api/v1/worker/take"))
                    .header("Authorization", "Bearer " + token)
                    .header("Content-Type", "application/json")
                    .POST(
                        HttpRequest.BodyPublishers.ofString(
                            "{\"kinds\": [\"probe\"], \"most\": 1,"
                                + " \"token\": \"a-token-of-16-chars\"}"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(taken.statusCode()).as(taken.body()).isEqualTo(200);
    assertThat(admin.get("/workers").body())
        .contains(Samples.NOW.toString())
        .doesNotContain("never");
    String listed = admin.get("/api/v1/workers").body();
    assertThat(listed).contains("\"branch\"").contains("\"kinds\":[\"probe\"]");
    assertThat(listed).contains("\"inGateway\":true");
  }

  @Test
  void aJobIsWatchedLiveUntilItsEnd() throws Exception {
    JobId id =
        new JobId(
            location(admin.post("/jobs", Map.of("kind", "backup", "parameters", "keep=3")))
                .replace("/jobs/", ""));
    HttpClient client = HttpClient.newHttpClient();
    String login =
        client
            .send(
                HttpRequest.newBuilder(house.uri("/api/v1/login"))
                    .header("Content-Type", "application/json")
                    .POST(
                        HttpRequest.BodyPublishers.ofString(
                            "{\"name\": \"admin\", \"password\": \"" + Samples.PASSWORD + "\"}"))
                    .build(),
                HttpResponse.BodyHandlers.ofString())
            .body();
    String token = (String) ((Map<?, ?>) Json.parse(login)).get("token");
    var answer =
        client.send(
            HttpRequest.newBuilder(house.uri("/api/v1/jobs/" + id + "/live"))
                .header("Authorization", "Bearer " + token)
                .build(),
            HttpResponse.BodyHandlers.ofInputStream());
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/event-stream");
    try (BufferedReader events =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      assertThat(next(events)).contains("\"state\":\"new\"");
      LeasedJob leased = takenBackup();
      await(events, "\"state\":\"running\"");
      desk().report(leased.id(), leased.token(), new Progress(30, "on its way"), List.of());
      await(events, "\"percent\":30");
      JobResult done = new JobResult.Written("b.tar.gz", 1, 0, "0".repeat(64), 0);
      desk().complete(leased.id(), leased.token(), done);
      await(events, "\"state\":\"done\"");
      await(events, "event: done");
      await(events, "\"state\":\"done\"");
      while (true) {
        String line = events.readLine();
        if (line == null) {
          break; // the gateway ends the stream
        }
        assertThat(line).isEmpty();
      }
    }
    Job job = house.jobs().find(id).orElseThrow();
    assertThat(job.state()).isEqualTo(JobState.DONE);
  }

  private static String next(BufferedReader events) throws Exception {
    String line = events.readLine();
    while (line != null && (line.isEmpty() || line.startsWith(":"))) {
      line = events.readLine();
    }
    return String.valueOf(line);
  }

  private static void await(BufferedReader events, String wanted) throws Exception {
    String line = next(events);
    while (!line.contains(wanted)) {
      assertThat(line).isNotEqualTo("null");
      line = next(events);
    }
  }
}
