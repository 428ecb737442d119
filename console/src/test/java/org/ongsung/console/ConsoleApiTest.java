package org.ongsung.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ongsung.console.house.Browser;
import org.ongsung.console.house.ConsoleHouse;
import org.ongsung.console.house.Samples;
import org.ongsung.console.http.Json;
import org.ongsung.console.http.Surface;
import org.ongsung.recording.RecordUnavailableException;
import org.ongsung.recording.RecordingId;

class ConsoleApiTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static ConsoleHouse house;
  private static String admin;

  @BeforeAll
  static void start() throws Exception {
    house = ConsoleHouse.start();
    admin = logIn("admin");
  }

  @AfterAll
  static void stop() {
    house.close();
  }

  private static String logIn(String user) throws Exception {
    var answer =
        send(
            "POST",
            "/login",
            "",
            "{\"name\": \"" + user + "\", \"password\": \"" + Samples.PASSWORD + "\"}");
    assertThat(answer.statusCode()).isEqualTo(200);
    return (String) map(answer.body()).get("token");
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
                    : HttpRequest.BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void theOpenApiDocumentNamesExactlyTheRoutesOfTheApi() throws Exception {
    Map<?, ?> paths = (Map<?, ?>) map(send("GET", "/openapi.json", "", "").body()).get("paths");
    TreeSet<String> described = new TreeSet<>();
    paths.forEach(
        (path, methods) ->
            ((Map<?, ?>) methods)
                .keySet()
                .forEach(m -> described.add(m.toString().toUpperCase(Locale.ROOT) + " " + path)));
    TreeSet<String> routes = new TreeSet<>();
    house.server().routes().routes().stream()
        .filter(route -> route.template().startsWith("/api/v1/"))
        .filter(route -> route.surface() != Surface.SOCKET) // OpenAPI has no words for WebSockets
        .forEach(route -> routes.add(route.method() + " " + route.template()));
    assertThat(described).isEqualTo(routes);
  }

  @Test
  void everySchemaThatIsNamedIsThere() throws Exception {
    String document = send("GET", "/openapi.json", "", "").body();
    Map<?, ?> components = (Map<?, ?>) map(document).get("components");
    Map<?, ?> schemas = (Map<?, ?>) components.get("schemas");
    var named =
        java.util.regex.Pattern.compile("#/components/schemas/([A-Za-z]+)").matcher(document);
    while (named.find()) {
      assertThat(schemas.containsKey(named.group(1))).as(named.group(1)).isTrue();
    }
  }

  @Test
  void anEntryGoesInAndComesBackWithoutItsSecret() throws Exception {
    String entry =
        """
        {"protocol": "ssh", "address": "10.9.9.9:22", "hostKeys": "trust-on-first-use",
         "accounts": [{"name": "ops", "password": {"plain": "s3cret-on-target"}}]}
        """;
    var put = send("PUT", "/targets/api-made", admin, entry);
    assertThat(put.statusCode()).as(put.body()).isEqualTo(200);
    var got = send("GET", "/targets/api-made", admin, "");
    assertThat(got.body()).contains("10.9.9.9:22").doesNotContain("s3cret-on-target");
    assertThat(send("DELETE", "/targets/api-made", admin, "").statusCode()).isEqualTo(204);
    assertThat(send("GET", "/targets/api-made", admin, "").statusCode()).isEqualTo(404);
  }

  @Test
  void anExportAppliedAgainChangesNothing() throws Exception {
    String export = send("GET", "/export", admin, "").body();
    var applied = send("POST", "/apply", admin, "{\"document\": " + export + ", \"prune\": true}");
    assertThat(applied.statusCode()).as(applied.body()).isEqualTo(200);
    assertThat(map(applied.body()).get("applied")).isEqualTo(false);
  }

  @Test
  void readingARecordingIsInTheLedger() throws Exception {
    String path = "/sessions/" + house.samples().get(1).id() + "/channels/0/recording";
    assertThat(send("GET", path, admin, "").body()).startsWith("{\"version\": 2");
    assertThat(send("GET", "/ledger?code=recording.read", admin, "").body())
        .contains(house.samples().get(1).id() + "/0");
  }

  @Test
  void withoutALedgerNoRecordingIsRead() throws Exception {
    String path = "/sessions/" + house.samples().get(1).id() + "/channels/0/recording";
    house.ledgerStore().fail(true);
    try {
      assertThat(send("GET", path, admin, "").statusCode()).isEqualTo(503);
    } finally {
      house.ledgerStore().fail(false);
    }
  }

  @Test
  void withoutADatabaseTheAnswerSaysToTryAgain() throws Exception {
    house.sessions().failWith(new RecordUnavailableException("the database cannot be reached"));
    try {
      var answer = send("GET", "/sessions", admin, "");
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).hasValue("5");
      assertThat(answer.body()).contains("\"store-unavailable\"");
    } finally {
      house.sessions().failWith(null);
    }
  }

  @Test
  void aLiveViewShowsTheScreenAndThenWhatComes() throws Exception {
    RecordingId id = new RecordingId(house.samples().getFirst().id(), 0);
    HttpRequest request =
        HttpRequest.newBuilder(house.uri("/api/v1/sessions/" + id.session() + "/channels/0/live"))
            .header("Authorization", "Bearer " + admin)
            .build();
    try (var lines = CLIENT.send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
      var data = lines.filter(line -> line.startsWith("data: ")).iterator();
      assertThat(data.next()).contains("\"cols\":80").contains("psql").doesNotContain("\"i\"");
      house.recordings().line(id, "[10.0, \"i\", \"hidden\"]");
      house.recordings().line(id, "[10.1, \"o\", \"select 1;\"]");
      assertThat(data.next()).isEqualTo("data: [10.1, \"o\", \"select 1;\"]");
      house.recordings().grows(id, false);
      assertThat(data.next()).isEqualTo("data: {}");
    }
    assertThat(send("GET", "/ledger?code=recording.watched", admin, "").body())
        .as("whoever watches is in the ledger")
        .contains("\"recording.watched\"", id.session().value());
  }

  @Test
  void withoutALedgerNobodyWatches() throws Exception {
    String path = "/sessions/" + house.samples().getFirst().id() + "/channels/0/live";
    house.ledgerStore().fail(true);
    try {
      assertThat(send("GET", path, admin, "").statusCode()).isEqualTo(503);
    } finally {
      house.ledgerStore().fail(false);
    }
  }

  @Test
  void theLedgerIsExportedOldestFirstAndSaysSo() throws Exception {
    List<String> lines = send("GET", "/ledger/export", admin, "").body().lines().toList();
    assertThat(lines.getFirst()).contains("\"sequence\":1,");
    assertThat(lines.getLast()).contains("ledger.exported");
  }

  @Test
  void whoCanReachItAndWhatCanSheReach() throws Exception {
    assertThat(send("GET", "/reach?target=payroll-db", admin, "").body())
        .contains("\"user\":\"alice\"")
        .contains("ops-on-payroll")
        .doesNotContain("chulsoo");
    assertThat(send("GET", "/reach?user=chulsoo", admin, "").body())
        .contains("\"target\":\"build\"")
        .doesNotContain("web-1");
  }

  @Test
  void aTerminationNeedsAReasonAndTakesOne() throws Exception {
    String path = "/sessions/" + house.samples().getFirst().id() + "/terminate";
    assertThat(send("POST", path, admin, "{}").statusCode()).isEqualTo(422);
    assertThat(send("POST", path, admin, "{\"reason\": \"점검\"}").statusCode()).isEqualTo(204);
    assertThat(send("POST", path, admin, "{\"reason\": \"점검\"}").statusCode()).isEqualTo(409);
  }

  @Test
  void aRevokedTokenOpensNothing() throws Exception {
    String token = logIn("bora");
    assertThat(send("GET", "/me", token, "").statusCode()).isEqualTo(200);
    assertThat(send("POST", "/logout", token, "").statusCode()).isEqualTo(204);
    assertThat(send("GET", "/me", token, "").statusCode()).isEqualTo(401);
  }

  @Test
  void aNewPasswordEndsTheLoginsMadeWithTheOldOne() throws Exception {
    String token = logIn("nobody");
    String entry = "{\"roles\": [\"user\"], \"password\": {\"plain\": \"another horse\"}}";
    assertThat(send("PUT", "/users/nobody", admin, entry).statusCode()).isEqualTo(200);
    assertThat(send("GET", "/me", token, "").statusCode()).isEqualTo(401);
  }

  @Test
  void aBodyHasALimit() throws Exception {
    String big = "{\"label\": \"" + "a".repeat(1 << 20) + "\"}";
    assertThat(send("POST", "/tokens", admin, big).statusCode()).isEqualTo(413);
  }

  @Test
  void everyRefusalOfALargeBodyIsHeard() throws Exception {
    String bora = logIn("bora");
    String big = "{\"label\": \"" + "a".repeat(4 << 20) + "\"}";
    for (int i = 0; i < 5; i++) {
      assertThat(send("POST", "/tokens", "nothing", big).statusCode()).isEqualTo(401);
      assertThat(send("PUT", "/users/nobody", bora, big).statusCode()).isEqualTo(403);
      assertThat(send("POST", "/nowhere", admin, big).statusCode()).isEqualTo(404);
      assertThat(send("POST", "/tokens", admin, big).statusCode()).isEqualTo(413);
    }
  }

  @Test
  void metricsAreForLoopbackUnderALocalNameOnly() throws Exception {
    var plain = HttpRequest.newBuilder(house.uri("/metrics"));
    var answer = CLIENT.send(plain.build(), HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("ongsung_sessions_live 1.0");
    var proxied = plain.header("X-Forwarded-For", "203.0.113.1").build();
    assertThat(CLIENT.send(proxied, HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(401);
    assertThat(metricsFromElsewhere(logIn("chulsoo"))).isEqualTo(403);
    assertThat(metricsFromElsewhere(admin)).isEqualTo(200);
  }

  private static int metricsFromElsewhere(String token) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(house.uri("/metrics"))
            .header("X-Forwarded-For", "203.0.113.1")
            .header("Authorization", "Bearer " + token)
            .build();
    return CLIENT.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
  }

  /// The session of last night began at 03:45:03 in Seoul.
  @Test
  void sessionsAreFilteredByWhenTheyBegan() throws Exception {
    String night = house.samples().get(1).id().value();
    String before = "until=2026-11-22T03:45:03%2B09:00"; // exclusive
    String after = "since=2026-11-21T18:45:04Z";
    String from = "since=2026-11-22T03:45:03%2B09:00"; // inclusive
    String until = "until=2026-11-21T18:45:04Z";
    assertThat(sessionsWhere(from)).contains(night);
    assertThat(sessionsWhere(until)).contains(night);
    assertThat(sessionsWhere(from + "&" + until)).containsExactly(night);
    assertThat(sessionsWhere(before)).isNotEmpty().doesNotContain(night);
    assertThat(sessionsWhere(after)).isNotEmpty().doesNotContain(night);
    assertThat(send("GET", "/sessions?since=2026-11-22T03:45:03", admin, "").statusCode())
        .as("without a zone it could be any moment of a day")
        .isEqualTo(400);
  }

  private static List<String> sessionsWhere(String query) throws Exception {
    var answer = send("GET", "/sessions?" + query, admin, "");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return ((List<?>) map(answer.body()).get("sessions"))
        .stream().map(session -> String.valueOf(((Map<?, ?>) session).get("id"))).toList();
  }

  @Test
  void thePageFiltersSessionsByTheTimeOfItsOwnZone() throws Exception {
    String link = "/sessions/" + house.samples().get(1).id() + "\"";
    try (Browser bora = Browser.of(house, "bora")) {
      String list = "/sessions?since=2026-11-22T03:45&until=2026-11-22T03:46";
      assertThat(bora.get(list).body()).contains(link);
      assertThat(bora.get("/sessions?since=2026-11-22T03:46").body())
          .contains("/sessions/" + house.samples().getFirst().id() + "\"")
          .doesNotContain(link);
      assertThat(bora.get("/sessions?until=2026-11-22T03:45").body())
          .contains("/sessions/" + house.samples().get(2).id() + "\"")
          .doesNotContain(link);
      assertThat(bora.get("/sessions?until=2026-11-21T18:46:00Z").body()).contains(link);
      assertThat(bora.get("/sessions?until=yesterday").body()).doesNotContain(link);
    }
  }

  @Test
  void aTokenAndABackupAreInTheLedger() throws Exception {
    var made = send("POST", "/tokens", admin, "{\"label\": \"nightly-script\"}");
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    String token = (String) map(made.body()).get("token");
    assertThat(send("GET", "/ledger?code=token.created", admin, "").body())
        .contains("\"actor\":\"admin\"", "nightly-script")
        .doesNotContain(token);
    assertThat(send("GET", "/ledger?code=backup.created", admin, "").body())
        .doesNotContain("\"actor\"");
    assertThat(send("POST", "/backup", token, "").statusCode()).isEqualTo(200);
    assertThat(send("GET", "/ledger?code=backup.created", admin, "").body())
        .contains("\"actor\":\"admin\"", "\"subject\":\"data\"");
  }
}
