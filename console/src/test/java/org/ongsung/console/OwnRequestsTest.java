package org.ongsung.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ongsung.console.house.ConsoleHouse;
import org.ongsung.console.house.Samples;
import org.ongsung.console.http.Access;
import org.ongsung.console.http.ApiDoc;
import org.ongsung.console.http.BasePath;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.Json;
import org.ongsung.console.http.Nesting;
import org.ongsung.console.http.Reply;
import org.ongsung.console.http.RouteTable;
import org.ongsung.console.services.ConsoleLimits;
import org.ongsung.testkit.Deadlines;

/// Posts of the system to its own addresses on nobody's account.
class OwnRequestsTest {
  private static final ApiDoc DOC = ApiDoc.of("A request of this test.", "", "");
  private static final List<Nesting> NESTINGS = new CopyOnWriteArrayList<>();

  private static ConsoleHouse house;
  private static ConsoleHouse below;

  @BeforeAll
  static void start() throws Exception {
    house = ConsoleHouse.start(ConsoleLimits.DEFAULT, OwnRequestsTest::routes);
    below = ConsoleHouse.under(BasePath.of("/gate"));
  }

  @AfterAll
  static void stop() {
    house.close();
    below.close();
  }

  private static void routes(RouteTable.Builder table) {
    table
        .api("GET", "/nestings", Access.PUBLIC, DOC, OwnRequestsTest::keep)
        .api("POST", "/nestings", Access.PUBLIC, DOC, OwnRequestsTest::keep)
        .api("POST", "/again", Access.PUBLIC, DOC, OwnRequestsTest::again);
  }

  /// Keeps where it stands, and the one from outside posts the next.
  private static Reply keep(Exchange exchange) throws IOException, InterruptedException {
    NESTINGS.add(exchange.nesting());
    if (exchange.nesting().depth() == 0) {
      assertThat(onThisThread(house, house.uri("/api/v1/nestings"), "{}")).hasValue(200);
    }
    return Json.ok(Map.of());
  }

  private static Reply again(Exchange exchange) throws IOException, InterruptedException {
    int status = onThisThread(house, house.uri("/api/v1/again"), "{}").orElseThrow();
    return Reply.json(status, new byte[0]);
  }

  private static OptionalInt post(ConsoleHouse at, URI url, String json) throws Exception {
    return CompletableFuture.supplyAsync(
            () -> {
              try {
                return onThisThread(at, url, json);
              } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
              }
            },
            Thread::startVirtualThread)
        .get(Deadlines.ACTION.toSeconds(), TimeUnit.SECONDS);
  }

  private static OptionalInt onThisThread(ConsoleHouse at, URI url, String json)
      throws IOException, InterruptedException {
    return at.server()
        .own()
        .post(
            List.of(URI.create("https://gate.example.com/gate"), at.uri("/")),
            url,
            json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void ourOwnAddressIsAnsweredInProcess() throws Exception {
    String login = "{\"name\": \"alice\", \"password\": \"" + Samples.PASSWORD + "\"}";
    assertThat(post(house, house.uri("/api/v1/login"), login)).hasValue(200);
    assertThat(post(below, below.uri("/api/v1/login"), login)).hasValue(200);
    URI outside = URI.create("https://GATE.example.com:443/gate/api/v1/login");
    assertThat(post(below, outside, login)).as("by its public name").hasValue(200);
  }

  @Test
  void nobodyMayThereWhatNobodyMayAnywhere() throws Exception {
    assertThat(post(house, house.uri("/api/v1/jobs"), "{}")).hasValue(401);
    assertThat(post(house, house.uri("/login"), "{}")).as("a page's form").hasValue(404);
    assertThat(post(house, house.uri("/api/v1/nowhere"), "{}")).hasValue(404);
    assertThat(post(house, house.uri("/api/v1/users/a%2F..%2Fb"), "{}")).isPresent();
  }

  @Test
  void anotherSystemsAddressIsNotOurs() throws Exception {
    for (String url :
        List.of(
            "http://127.0.0.1:1/api/v1/login",
            "https://example.com/gate/api/v1/login",
            "http://gate.example.com/gate/api/v1/login",
            "https://gate.example.com/gatehouse/api/v1/login",
            "https://gate.example.com/elsewhere")) {
      assertThat(post(below, URI.create(url), "{}")).as(url).isEmpty();
    }
  }

  @Test
  void oneOnAccountOfAnotherRequestIsNestedInIt() throws Exception {
    NESTINGS.clear();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest asked = HttpRequest.newBuilder(house.uri("/api/v1/nestings")).build();
      assertThat(client.send(asked, HttpResponse.BodyHandlers.discarding()).statusCode())
          .isEqualTo(200);
    }
    assertThat(post(house, house.uri("/api/v1/nestings"), "{}")).hasValue(200);
    assertThat(NESTINGS).extracting(Nesting::depth).containsExactly(0, 1, 1);
    String root = NESTINGS.getFirst().root();
    assertThat(NESTINGS.get(1).root()).isEqualTo(root).isNotEmpty();
    assertThat(NESTINGS.get(2).root()).as("of nobody's account").isNotEqualTo(root);
  }

  @Test
  void oneThatMakesItselfAgainAndAgainIsEnded() throws Exception {
    assertThat(post(house, house.uri("/api/v1/again"), "{}")).hasValue(508);
  }

  @Test
  void oneOfFewThreadsMakesNone() throws Exception {
    assertThat(Thread.currentThread().isVirtual()).isFalse();
    URI own = house.uri("/api/v1/nestings");
    assertThatThrownBy(() -> onThisThread(house, own, "{}"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("one of few threads");
    assertThat(onThisThread(house, URI.create("http://127.0.0.1:1/"), "{}")).isEmpty();
  }
}
