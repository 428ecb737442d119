package org.ongsung.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ongsung.console.house.ConsoleHouse;
import org.ongsung.console.house.Samples;
import org.ongsung.console.http.Json;
import org.ongsung.jobs.Destination;
import org.ongsung.jobs.HostKeyCheck;
import org.ongsung.jobs.JobKind;
import org.ongsung.jobs.JobResult;
import org.ongsung.jobs.LeaseDesk;
import org.ongsung.jobs.LeasedJob;
import org.ongsung.jobs.TakeRequest;
import org.ongsung.model.HostAndPort;
import org.ongsung.model.Protocol;

/// Jobs through the API.
class JobApiTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static ConsoleHouse house;
  private static String admin;

  @BeforeAll
  static void start() throws Exception {
    house = ConsoleHouse.start();
    String body = "{\"name\": \"admin\", \"password\": \"" + Samples.PASSWORD + "\"}";
    admin = (String) map(send("POST", "/login", "", body).body()).get("token");
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
  void aJobIsAskedForTakenDoneAndRead() throws Exception {
    var asked =
        send(
            "POST",
            "/jobs",
            admin,
            "{\"kind\": \"probe\", \"parameters\": {\"target\": \"web-1\"}}");
    assertThat(asked.statusCode()).as(asked.body()).isEqualTo(200);
    String id = (String) map(asked.body()).get("id");
    LeaseDesk desk =
        new LeaseDesk(
            house.jobs(),
            target ->
                Optional.of(
                    new Destination(
                        target, Protocol.SSH, new HostAndPort("10.0.0.1", 22), List.of())));
    LeasedJob leased =
        desk.take(
                new TakeRequest("w", null, Set.of(JobKind.PROBE), 1, "a-token-of-16-chars"),
                Duration.ZERO)
            .getFirst();
    desk.begin(leased.id(), leased.token());
    desk.complete(
        leased.id(),
        leased.token(),
        new JobResult.Probed(true, "", Duration.ofMillis(2), "", "", HostKeyCheck.MATCHES));
    var done = map(send("GET", "/jobs/" + id + "?wait=10", admin, "").body());
    assertThat(done.get("state")).isEqualTo("done");
    assertThat(((Map<?, ?>) done.get("result")).get("hostKey")).isEqualTo("matches");
    assertThat(send("GET", "/jobs?state=done&kind=probe", admin, "").body()).contains(id);
    assertThat(send("GET", "/jobs/" + id + "/log", admin, "").body()).contains("\"lines\":[]");
    assertThat(send("POST", "/jobs/" + id + "/cancel", admin, "").statusCode()).isEqualTo(409);
    var again = map(send("POST", "/jobs/" + id + "/rerun", admin, "").body());
    assertThat(again.get("rerunOf")).isEqualTo(id);
    var dropped = map(send("POST", "/jobs/" + again.get("id") + "/cancel", admin, "").body());
    assertThat(dropped.get("state")).isEqualTo("dropped");
    assertThat(send("GET", "/ledger?code=job.cancelled", admin, "").body())
        .contains("\"subject\":\"web-1\"", String.valueOf(again.get("id")), "\"actor\":\"admin\"");
    assertThat(send("GET", "/ledger?code=job.submitted", admin, "").body())
        .contains("\"subject\":\"web-1\"");
  }

  @Test
  void whatIsNoJobIsRefusedWithItsReason() throws Exception {
    assertThat(send("POST", "/jobs", admin, "{\"kind\": \"shell\"}").body())
        .contains("not a kind of job");
    assertThat(
            send("POST", "/jobs", admin, "{\"kind\": \"probe\", \"parameters\": {\"x\": 1}}")
                .body())
        .contains("not a field here");
    String session =
        "{\"kind\": \"session\", \"parameters\": {\"user\": \"a\", \"target\": \"b\","
            + " \"account\": \"c\"}}";
    assertThat(send("POST", "/jobs", admin, session).statusCode()).isEqualTo(422);
    assertThat(send("GET", "/jobs/nonsense", admin, "").statusCode()).isEqualTo(404);
  }
}
