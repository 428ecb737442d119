package org.ongsung.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ongsung.console.house.ConsoleHouse;
import org.ongsung.console.house.Samples;
import org.ongsung.console.http.Access;
import org.ongsung.console.http.Json;
import org.ongsung.console.http.Route;
import org.ongsung.console.http.Surface;
import org.ongsung.testkit.Deadlines;

/// The queue for workers elsewhere, and that their token opens nothing else.
class WorkerApiTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static ConsoleHouse house;
  private static String admin;
  private static String worker;

  @BeforeAll
  static void start() throws Exception {
    house = ConsoleHouse.start();
    String body = "{\"name\": \"admin\", \"password\": \"" + Samples.PASSWORD + "\"}";
    admin = (String) map(send("POST", "/login", "", body).body()).get("token");
    worker =
        (String) map(send("POST", "/workers", admin, "{\"name\": \"far\"}").body()).get("token");
  }

  @AfterAll
  static void stop() {
    house.close();
  }

  private static Map<?, ?> map(String json) {
    return (Map<?, ?>) Json.parse(json);
  }

  private static HttpResponse<String> send(String method, String path, String token, String body)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(house.uri("/api/v1" + path))
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .header("Content-Type", "application/json");
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void aWorkerLeasesAJobAndTellsOfIt() throws Exception {
    send("POST", "/jobs", admin, "{\"kind\": \"probe\", \"parameters\": {\"target\": \"web-1\"}}");
    String take = "{\"kinds\": [\"probe\"], \"most\": 1, \"token\": \"a-token-of-16-chars\"}";
    Map<?, ?> taken = map(send("POST", "/worker/take?wait=1", worker, take).body());
    Map<?, ?> job = (Map<?, ?>) ((List<?>) taken.get("jobs")).getFirst();
    assertThat(((Map<?, ?>) job.get("destination")).get("address")).isNotNull();
    String at = "/worker/jobs/" + job.get("id");
    String lease = "{\"token\": \"a-token-of-16-chars\"}";
    assertThat(send("POST", at + "/begin", worker, lease).body()).contains("holds");
    assertThat(send("POST", at + "/begin", worker, "{\"token\": \"another-token-of-16\"}").body())
        .contains("lost");
    String report =
        "{\"token\": \"a-token-of-16-chars\", \"percent\": 50, \"note\": \"half\", \"lines\":"
            + " [{\"number\": 1, \"at\": \"2026-01-31T09:00:00Z\", \"text\": \"hello\"}]}";
    assertThat(send("POST", at + "/report", worker, report).body()).contains("holds");
    String wrong =
        "{\"token\": \"a-token-of-16-chars\", \"kind\": \"notify\", \"result\": {\"answer\":"
            + " \"x\"}}";
    assertThat(send("POST", at + "/complete", worker, wrong).statusCode()).isEqualTo(400);
    String failed = "{\"token\": \"a-token-of-16-chars\", \"problem\": \"no\", \"again\": false}";
    assertThat(send("POST", at + "/fail", worker, failed).body()).contains("holds");
    assertThat(send("GET", "/jobs/" + job.get("id") + "/log", admin, "").body()).contains("hello");
    assertThat(map(send("GET", "/jobs/" + job.get("id"), admin, "").body()).get("state"))
        .isEqualTo("error");
  }

  @Test
  void aQuestionForJobsIsGivenUpWhenItsWorkerLeaves() throws Exception {
    String token = "{\"token\": \"the-token-that-leaves\"}";
    String take = "{\"kinds\": [\"probe\"], \"most\": 1, " + token.substring(1);
    String leaver =
        (String) map(send("POST", "/workers", admin, "{\"name\": \"leaver\"}").body()).get("token");
    try (ExecutorService asking = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<HttpResponse<String>> waiting =
          asking.submit(() -> send("POST", "/worker/take?wait=30", leaver, take));
      Deadlines.await("the question", () -> isSeen("leaver"));
      assertThat(send("POST", "/worker/leave", leaver, token).statusCode()).isEqualTo(204);
      String probe = "{\"kind\": \"probe\", \"parameters\": {\"target\": \"web-1\"}}";
      Object job = map(send("POST", "/jobs", admin, probe).body()).get("id");
      assertThat((List<?>) map(waiting.get().body()).get("jobs")).isEmpty();
      assertThat(map(send("GET", "/jobs/" + job, admin, "").body()).get("state")).isEqualTo("new");
      send("POST", "/jobs/" + job + "/cancel", admin, "");
    }
  }

  private static boolean isSeen(String name) throws Exception {
    return ((List<?>) map(send("GET", "/workers", admin, "").body()).get("workers"))
        .stream()
            .map(row -> (Map<?, ?>) row)
            .anyMatch(row -> row.get("name").equals(name) && row.get("seenAt") != null);
  }

  @Test
  void aLeaveWithoutATokenIsRefused() throws Exception {
    assertThat(send("POST", "/worker/leave", worker, "{\"token\": \"short\"}").statusCode())
        .isEqualTo(400);
    assertThat(send("POST", "/worker/leave", worker, "{}").statusCode()).isEqualTo(400);
  }

  @Test
  void aWorkersTokenOpensTheQueueAndNothingElse() throws Exception {
    assertThat(send("GET", "/worker", worker, "").body()).contains("far");
    assertThat(send("GET", "/worker", admin, "").statusCode()).isEqualTo(403);
    assertThat(send("POST", "/worker/take", admin, "{}").statusCode()).isEqualTo(403);
    for (Route route : house.server().routes().routes()) {
      boolean open = route.access() == Access.PUBLIC || route.access() == Access.METRICS;
      if (route.surface() == Surface.API && !open && route.access() != Access.WORKER) {
        String path = route.template().replaceAll("\\{[a-z]+}", "x").replace("/api/v1", "");
        assertThat(send(route.method(), path, worker, "").statusCode())
            .as(route.method() + " " + route.template())
            .isIn(403, 404);
      }
    }
  }

  @Test
  void aTokenThatWasTakenAwayOpensNothing() throws Exception {
    var made = map(send("POST", "/workers", admin, "{\"name\": \"gone\"}").body());
    String token = (String) made.get("token");
    assertThat(send("GET", "/worker", token, "").statusCode()).isEqualTo(200);
    assertThat(send("GET", "/workers", admin, "").body()).contains("\"gone\"");
    assertThat(send("DELETE", "/workers/" + made.get("id"), admin, "").statusCode()).isEqualTo(204);
    assertThat(send("GET", "/worker", token, "").statusCode()).isEqualTo(401);
  }

  @Test
  void aScheduleIsSetUpListedAndTakenAway() throws Exception {
    String schedule =
        "{\"kind\": \"backup\", \"parameters\": {\"keep\": 3}, \"cron\": \"0 3 * * *\","
            + " \"zone\": \"Asia/Seoul\"}";
    var set = send("PUT", "/schedules/nightly", admin, schedule);
    assertThat(set.statusCode()).as(set.body()).isEqualTo(200);
    assertThat(map(set.body()).get("next").toString()).endsWith("T18:00:00Z");
    assertThat(send("GET", "/schedules", admin, "").body()).contains("nightly");
    assertThat(
            send("PUT", "/schedules/x", admin, schedule.replace("0 3 * * *", "every day"))
                .statusCode())
        .isEqualTo(400);
    String other = schedule.replace("\"keep\": 3", "\"keep\": 5").replace("0 3", "30 4");
    assertThat(send("PUT", "/schedules/nightly", admin, other).statusCode()).isEqualTo(200);
    assertThat(newestOfSchedules())
        .containsOnly(
            Map.entry("parameters.keep.before", "3"),
            Map.entry("parameters.keep.after", "5"),
            Map.entry("times.before", "0 3 * * *"),
            Map.entry("times.after", "30 4 * * *"));
    assertThat(send("DELETE", "/schedules/nightly", admin, "").statusCode()).isEqualTo(204);
    assertThat(newestOfSchedules())
        .containsOnly(
            Map.entry("kind.before", "backup"),
            Map.entry("parameters.keep.before", "5"),
            Map.entry("times.before", "30 4 * * *"),
            Map.entry("zone.before", "Asia/Seoul"),
            Map.entry("active.before", "true"));
    assertThat(send("DELETE", "/schedules/nightly", admin, "").statusCode()).isEqualTo(404);
  }

  /// What the ledger's newest change of a schedule says.
  private static Map<Object, Object> newestOfSchedules() throws Exception {
    String told = send("GET", "/ledger?code=job.schedule.changed&limit=1", admin, "").body();
    Map<?, ?> entry = (Map<?, ?>) ((List<?>) map(told).get("entries")).getFirst();
    return new HashMap<>((Map<?, ?>) entry.get("details"));
  }
}
