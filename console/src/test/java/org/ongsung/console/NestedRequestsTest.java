package org.ongsung.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.ongsung.console.house.ConsoleHouse;
import org.ongsung.console.house.Samples;
import org.ongsung.console.http.Access;
import org.ongsung.console.http.ApiDoc;
import org.ongsung.console.http.DoorLimits;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.Json;
import org.ongsung.console.http.Nesting;
import org.ongsung.console.http.Reply;
import org.ongsung.console.http.RouteTable;
import org.ongsung.console.services.ConsoleLimits;
import org.ongsung.jobs.JobSearch;
import org.ongsung.model.ConnectionGuard;
import org.ongsung.model.GuardedLock;

/// What hung the system that this one descends from: a request that contains a request of the
/// system to itself, where one is taken at a time.
class NestedRequestsTest {
  /// One request at a time, as the ancestor had it, and everybody else in a line.
  private static final DoorLimits ONE_AT_A_TIME =
      new DoorLimits(1, 1, 1_000, Duration.ofSeconds(60), Duration.ofSeconds(1));

  private static final ApiDoc DOC = ApiDoc.of("A request of this test.", "", "");

  private static final String PROBE =
      "{\"kind\": \"probe\", \"parameters\": {\"target\": \"web-1\"}}";

  private static final String TAKE =
      "{\"kinds\": [\"probe\"], \"most\": 1, \"token\": \"a-token-of-16-chars\"}";

  private static final HttpResponse.BodyHandler<String> AS_TEXT =
      HttpResponse.BodyHandlers.ofString();

  private final GuardedLock lock = new GuardedLock();
  private final CountDownLatch resting = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);

  private static ConsoleLimits limits(DoorLimits people) {
    ConsoleLimits usual = ConsoleLimits.DEFAULT;
    return new ConsoleLimits(
        usual.headerBytes(),
        usual.applyBytes(),
        usual.connections(),
        usual.streams(),
        usual.idleTimeout(),
        usual.stopTimeout(),
        usual.sessionLifetime(),
        usual.heartbeat(),
        1 << 20,
        Duration.ofSeconds(30),
        usual.connecting(),
        people,
        usual.terminals());
  }

  private void routes(RouteTable.Builder table) {
    table
        .api("GET", "/nest/{depth}", Access.PUBLIC, DOC, NestedRequestsTest::nest)
        .api(
            "GET",
            "/loop",
            Access.PUBLIC,
            DOC,
            e -> Json.ok(e.ask("GET", "/api/v1/loop", Map.of())))
        .api(
            "GET",
            "/steal",
            Access.PUBLIC,
            DOC,
            e -> Json.ok(e.ask("GET", "/api/v1/users", Map.of())))
        .api("GET", "/hold", Access.PUBLIC, DOC, NestedRequestsTest::holdAConnection)
        .api("GET", "/lock", Access.PUBLIC, DOC, this::holdALock)
        .api("GET", "/few", Access.PUBLIC, DOC, NestedRequestsTest::askOnOneOfFewThreads)
        .api("GET", "/roots", Access.PUBLIC, DOC, NestedRequestsTest::roots)
        .api("GET", "/rest", Access.PUBLIC, DOC, this::rest)
        .api("GET", "/go-on", Access.PUBLIC, DOC, this::letGoOn);
  }

  /// Answers how deep it came.
  private static Reply nest(Exchange exchange) throws java.io.IOException, InterruptedException {
    int more = exchange.numberVariable("depth");
    if (more == 0) {
      return Json.ok(
          Map.of("depth", exchange.nesting().depth(), "root", exchange.nesting().root()));
    }
    return Json.ok(exchange.ask("GET", "/api/v1/nest/" + (more - 1), Map.of()));
  }

  /// Answers its own root, and the one that a request two deeper has.
  private static Reply roots(Exchange exchange) throws java.io.IOException, InterruptedException {
    Object inner = exchange.ask("GET", "/api/v1/nest/1", Map.of()).get("root");
    return Json.ok(Map.of("own", exchange.nesting().root(), "inner", String.valueOf(inner)));
  }

  /// Answers what came of it.
  private static Reply askOnOneOfFewThreads(Exchange exchange)
      throws java.io.IOException, InterruptedException {
    FutureTask<Object> task =
        new FutureTask<>(() -> exchange.ask("GET", "/api/v1/nest/0", Map.of()));
    Thread.ofPlatform().start(task).join();
    return Json.ok(
        Map.of(
            "answer",
            task.state() == Future.State.FAILED
                ? task.exceptionNow().toString()
                : task.resultNow().toString()));
  }

  private static Reply holdAConnection(Exchange exchange)
      throws java.io.IOException, InterruptedException {
    ConnectionGuard.taken();
    try {
      return Json.ok(exchange.ask("GET", "/api/v1/nest/0", Map.of()));
    } finally {
      ConnectionGuard.released();
    }
  }

  private Reply holdALock(Exchange exchange) throws java.io.IOException, InterruptedException {
    lock.lock();
    try {
      return Json.ok(exchange.ask("GET", "/api/v1/nest/0", Map.of()));
    } finally {
      lock.unlock();
    }
  }

  private Reply rest(Exchange exchange) throws java.io.IOException, InterruptedException {
    resting.countDown();
    boolean called = exchange.rest(() -> goOn.await(60, TimeUnit.SECONDS));
    return Json.ok(Map.of("called", called));
  }

  private Reply letGoOn(Exchange exchange) {
    goOn.countDown();
    return Json.ok(Map.of());
  }

  private static HttpRequest get(ConsoleHouse house, String path) {
    return HttpRequest.newBuilder(house.uri("/api/v1" + path))
        .timeout(Duration.ofSeconds(60))
        .build();
  }

  private static HttpResponse<String> send(ConsoleHouse house, HttpClient client, String path)
      throws Exception {
    return client.send(get(house, path), AS_TEXT);
  }

  @Test
  void whereOneIsTakenAtATimeRequestsThatContainRequestsAreAllAnswered() throws Exception {
    try (ConsoleHouse house = ConsoleHouse.start(limits(ONE_AT_A_TIME), this::routes);
        HttpClient client = HttpClient.newHttpClient()) {
      List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        all.add(client.sendAsync(get(house, "/nest/" + (1 + i % 3)), AS_TEXT));
      }
      for (CompletableFuture<HttpResponse<String>> one : all) {
        assertThat(one.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
      }
    }
  }

  @Test
  void depthIsCountedFromInsideAndWhatTheOutsideSaysOfItIsNotHeard() throws Exception {
    try (ConsoleHouse house = ConsoleHouse.start(limits(ONE_AT_A_TIME), this::routes);
        HttpClient client = HttpClient.newHttpClient()) {
      for (String name : List.of("Ongsung-Depth", "X-Ongsung-Depth", "Depth", "CDN-Loop")) {
        HttpRequest claimed =
            HttpRequest.newBuilder(house.uri("/api/v1/nest/2")).header(name, "7").build();
        assertThat(client.send(claimed, AS_TEXT).body()).contains("\"depth\":2");
      }
    }
  }

  @Test
  void theDeepestThatIsAllowedIsAnsweredAndOneDeeperIs508() throws Exception {
    try (ConsoleHouse house = ConsoleHouse.start(ConsoleLimits.DEFAULT, this::routes);
        HttpClient client = HttpClient.newHttpClient()) {
      assertThat(send(house, client, "/nest/" + Nesting.MAX_DEPTH).body())
          .contains("\"depth\":" + Nesting.MAX_DEPTH);
      assertThat(send(house, client, "/nest/" + (Nesting.MAX_DEPTH + 1)).statusCode())
          .isEqualTo(508);
      HttpResponse<String> loop = send(house, client, "/loop");
      assertThat(loop.statusCode()).isEqualTo(508);
      assertThat(loop.body()).contains("nested-too-deep");
    }
  }

  @Test
  void aNestedRequestMayNoMoreThanTheOneItComesFrom() throws Exception {
    try (ConsoleHouse house = ConsoleHouse.start(ConsoleLimits.DEFAULT, this::routes);
        HttpClient client = HttpClient.newHttpClient()) {
      assertThat(send(house, client, "/steal").statusCode()).isEqualTo(401);
    }
  }

  @Test
  void aConnectionHeldAcrossANestedRequestFails() throws Exception {
    try (ConsoleHouse house = ConsoleHouse.start(ConsoleLimits.DEFAULT, this::routes);
        HttpClient client = HttpClient.newHttpClient()) {
      assertThat(send(house, client, "/hold").statusCode()).isEqualTo(500);
      assertThat(send(house, client, "/nest/1").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aLockHeldAcrossANestedRequestFails() throws Exception {
    try (ConsoleHouse house = ConsoleHouse.start(ConsoleLimits.DEFAULT, this::routes);
        HttpClient client = HttpClient.newHttpClient()) {
      assertThat(send(house, client, "/lock").statusCode()).isEqualTo(500);
      assertThat(send(house, client, "/nest/1").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aNestedRequestOnOneOfFewThreadsFails() throws Exception {
    try (ConsoleHouse house = ConsoleHouse.start(ConsoleLimits.DEFAULT, this::routes);
        HttpClient client = HttpClient.newHttpClient()) {
      assertThat(send(house, client, "/few").body())
          .contains("IllegalStateException")
          .contains("one of few threads");
    }
  }

  @Test
  void allThatComesOfARequestHasItsRootAndTheNextRequestHasAnother() throws Exception {
    try (ConsoleHouse house = ConsoleHouse.start(ConsoleLimits.DEFAULT, this::routes);
        HttpClient client = HttpClient.newHttpClient()) {
      Map<?, ?> first = (Map<?, ?>) Json.parse(send(house, client, "/roots").body());
      Map<?, ?> second = (Map<?, ?>) Json.parse(send(house, client, "/roots").body());
      assertThat(String.valueOf(first.get("own"))).isNotEmpty().isEqualTo(first.get("inner"));
      assertThat(second.get("own")).isEqualTo(second.get("inner")).isNotEqualTo(first.get("own"));
    }
  }

  /// What the ancestor did: it asked for itself by the front door, where it stood itself.
  @Test
  void whoeverAsksForThemselvesByTheFrontDoorIsTurnedAwayInTimeAndInProcessIsAnswered()
      throws Exception {
    DoorLimits impatient =
        new DoorLimits(1, 1, 1_000, Duration.ofMillis(300), Duration.ofSeconds(1));
    AtomicReference<ConsoleHouse> itself = new AtomicReference<>();
    try (HttpClient inner = HttpClient.newHttpClient();
        ConsoleHouse house =
            ConsoleHouse.start(
                limits(impatient),
                table ->
                    table
                        .api("GET", "/nest/{depth}", Access.PUBLIC, DOC, NestedRequestsTest::nest)
                        .api(
                            "GET",
                            "/by-the-door",
                            Access.PUBLIC,
                            DOC,
                            _ -> passedOn(inner.send(get(itself.get(), "/nest/0"), AS_TEXT))));
        HttpClient client = HttpClient.newHttpClient()) {
      itself.set(house);
      HttpResponse<String> byTheDoor = send(house, client, "/by-the-door");
      assertThat(byTheDoor.statusCode()).isEqualTo(503);
      assertThat(byTheDoor.body()).contains("door-full");
      assertThat(send(house, client, "/nest/1").statusCode()).isEqualTo(200);
    }
  }

  private static Reply passedOn(HttpResponse<String> answer) {
    return Reply.json(answer.statusCode(), answer.body().getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void whoeverWaitsForAnAnswerLeavesTheirPlaceToTheOneWhoBringsIt() throws Exception {
    try (ConsoleHouse house = ConsoleHouse.start(limits(ONE_AT_A_TIME), this::routes);
        HttpClient client = HttpClient.newHttpClient()) {
      var waiting = client.sendAsync(get(house, "/rest"), AS_TEXT);
      assertThat(resting.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(send(house, client, "/go-on").statusCode()).isEqualTo(200);
      assertThat(waiting.get(60, TimeUnit.SECONDS).body()).contains("true");
    }
  }

  @Test
  void whenTooManyWaitTheNextIsToldToComeBackButMonitoringStillGetsIn() throws Exception {
    DoorLimits nobodyWaits = new DoorLimits(1, 1, 0, Duration.ofSeconds(60), Duration.ofSeconds(1));
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    try (ConsoleHouse house =
            ConsoleHouse.start(
                limits(nobodyWaits),
                table ->
                    table.api(
                        "GET",
                        "/stay",
                        Access.PUBLIC,
                        DOC,
                        _ -> {
                          inside.countDown();
                          return Json.ok(Map.of("left", leave.await(60, TimeUnit.SECONDS)));
                        }));
        HttpClient client = HttpClient.newHttpClient()) {
      var staying = client.sendAsync(get(house, "/stay"), AS_TEXT);
      assertThat(inside.await(60, TimeUnit.SECONDS)).isTrue();
      HttpResponse<String> refused = send(house, client, "/status");
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).contains("2");
      HttpRequest metrics = HttpRequest.newBuilder(house.uri("/metrics")).build();
      assertThat(client.send(metrics, AS_TEXT).body())
          .contains("ongsung_http_door_inside 1.0")
          .contains("ongsung_http_door_turned_away_total 1.0");
      for (String credential : List.of("Authorization: Bearer abc", "Cookie: ongsung=abc")) {
        String[] field = credential.split(": ", 2);
        HttpRequest shown =
            HttpRequest.newBuilder(house.uri("/metrics")).header(field[0], field[1]).build();
        assertThat(client.send(shown, AS_TEXT).statusCode())
            .as("the database is asked for whoever shows: " + credential)
            .isEqualTo(503);
      }
      leave.countDown();
      assertThat(staying.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void nothingIsDoneForARequestThatIsTurnedAway() throws Exception {
    DoorLimits nobodyWaits = new DoorLimits(1, 1, 0, Duration.ofSeconds(60), Duration.ofSeconds(1));
    CountDownLatch inside = new CountDownLatch(1);
    AtomicInteger done = new AtomicInteger();
    try (ConsoleHouse house =
            ConsoleHouse.start(
                limits(nobodyWaits),
                table ->
                    table
                        .api(
                            "GET",
                            "/stay",
                            Access.PUBLIC,
                            DOC,
                            _ -> {
                              inside.countDown();
                              return Json.ok(Map.of("left", goOn.await(60, TimeUnit.SECONDS)));
                            })
                        .api(
                            "POST",
                            "/count",
                            Access.USER,
                            DOC,
                            _ -> Json.ok(Map.of("done", done.incrementAndGet()))));
        HttpClient client = HttpClient.newHttpClient()) {
      String login = "{\"name\": \"admin\", \"password\": \"" + Samples.PASSWORD + "\"}";
      String admin = token(post(house, client, "/login", "", login));
      var staying = client.sendAsync(get(house, "/stay"), AS_TEXT);
      assertThat(inside.await(60, TimeUnit.SECONDS)).isTrue();
      int ledger = house.ledgerStore().size();
      int questions = house.tokenQuestions();
      assertThat(post(house, client, "/count", admin, "{}").statusCode()).isEqualTo(503);
      assertThat(post(house, client, "/login", "", login).statusCode()).isEqualTo(503);
      assertThat(post(house, client, "/jobs", admin, PROBE).statusCode()).isEqualTo(503);
      assertThat(done).hasValue(0);
      assertThat(house.ledgerStore().size()).as("no login, no job").isEqualTo(ledger);
      assertThat(house.tokenQuestions()).as("nobody was asked who it is").isEqualTo(questions);
      assertThat(house.jobs().find(JobSearch.newest(50))).hasSameSizeAs(house.sampleJobs());
      goOn.countDown();
      assertThat(staying.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
      assertThat(post(house, client, "/count", admin, "{}").body()).contains("\"done\":1");
      assertThat(post(house, client, "/jobs", admin, PROBE).statusCode()).isEqualTo(200);
      assertThat(house.ledgerStore().size()).isGreaterThan(ledger);
      assertThat(house.tokenQuestions()).isGreaterThan(questions);
    }
  }

  @Test
  void aWorkerGetsInThoughPeopleHaveFilledTheDoorAlsoForTheFirstTime() throws Exception {
    DoorLimits nobodyWaits = new DoorLimits(1, 1, 0, Duration.ofSeconds(60), Duration.ofSeconds(1));
    CountDownLatch inside = new CountDownLatch(1);
    try (ConsoleHouse house =
            ConsoleHouse.start(
                limits(nobodyWaits),
                table ->
                    table
                        .api(
                            "GET",
                            "/stay",
                            Access.PUBLIC,
                            DOC,
                            _ -> {
                              inside.countDown();
                              return Json.ok(Map.of("left", goOn.await(60, TimeUnit.SECONDS)));
                            })
                        .api("POST", "/go-on", Access.WORKER, DOC, this::letGoOn));
        HttpClient client = HttpClient.newHttpClient()) {
      String login = "{\"name\": \"admin\", \"password\": \"" + Samples.PASSWORD + "\"}";
      String admin = token(post(house, client, "/login", "", login));
      String known = token(post(house, client, "/workers", admin, "{\"name\": \"known\"}"));
      String stranger = token(post(house, client, "/workers", admin, "{\"name\": \"new\"}"));
      assertThat(post(house, client, "/worker/take?wait=0", known, TAKE).statusCode())
          .isEqualTo(200);

      var waiting = client.sendAsync(get(house, "/stay"), AS_TEXT);
      assertThat(inside.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(send(house, client, "/status").statusCode()).isEqualTo(503);
      assertThat(post(house, client, "/worker/take?wait=0", "x".repeat(40), TAKE).statusCode())
          .isEqualTo(503);
      for (int flood = 0; flood < 3; flood++) {
        var _ =
            client.sendAsync(
                posting(house, "/worker/take?wait=0", "y".repeat(40 + flood), TAKE), AS_TEXT);
      }
      assertThat(post(house, client, "/worker/take?wait=0", stranger, TAKE).statusCode())
          .as("one that was never heard")
          .isEqualTo(200);
      // The answer that the person's request waits for.
      assertThat(post(house, client, "/go-on", known, "{}").statusCode()).isEqualTo(200);
      assertThat(waiting.get(60, TimeUnit.SECONDS).body()).contains("true");
      assertThat(post(house, client, "/worker/take?wait=0", stranger, TAKE).statusCode())
          .isEqualTo(200);
    }
  }

  private static HttpResponse<String> post(
      ConsoleHouse house, HttpClient client, String path, String token, String json)
      throws Exception {
    return client.send(posting(house, path, token, json), AS_TEXT);
  }

  private static HttpRequest posting(ConsoleHouse house, String path, String token, String json) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(house.uri("/api/v1" + path))
            .timeout(Duration.ofSeconds(60))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    return request.build();
  }

  private static String token(HttpResponse<String> answer) {
    return (String) ((Map<?, ?>) Json.parse(answer.body())).get("token");
  }
}
