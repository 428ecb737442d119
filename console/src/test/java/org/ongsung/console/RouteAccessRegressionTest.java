package org.ongsung.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ongsung.console.house.Browser;
import org.ongsung.console.house.ConsoleHouse;
import org.ongsung.console.http.Access;
import org.ongsung.console.http.Route;
import org.ongsung.console.http.Surface;

/// Object access by guessing: every route as everybody, on somebody else's objects. With an end: a
/// live view that should be refused and is not would never end.
@Timeout(240)
class RouteAccessRegressionTest {
  private static ConsoleHouse house;
  private static final Map<String, Browser> PEOPLE = new LinkedHashMap<>();

  @BeforeAll
  static void start() throws Exception {
    house = ConsoleHouse.start();
    PEOPLE.put("stranger", new Browser(house));
    for (String user : List.of("chulsoo", "alice", "bora", "admin")) {
      PEOPLE.put(user, Browser.of(house, user));
    }
  }

  @AfterAll
  static void stop() {
    PEOPLE.values().forEach(Browser::close);
    house.close();
  }

  private static boolean allowed(Access access, String who) {
    return switch (access) {
      case PUBLIC, METRICS -> true; // the test comes over loopback
      case WORKER -> false; // WorkerApiTest has one
      case USER -> !who.equals("stranger");
      case AUDITOR -> who.equals("bora") || who.equals("admin");
      case ADMIN -> who.equals("admin");
      case SESSION_OWNER -> who.equals("alice") || who.equals("bora") || who.equals("admin");
    };
  }

  /// Alice's ended session stands in every address, so that chulsoo is the other user.
  private static String path(Route route) {
    return route
        .template()
        .replace("{id}", house.samples().get(1).id().value())
        .replace("{n}", "0")
        .replace("{name}", "no-such-entry")
        .replace("{key}", "203.0.113.9")
        .replaceAll("\\{[a-z]+}", "x");
  }

  @Test
  void everyRouteAsEverybody() throws Exception {
    List<String> wrong = new ArrayList<>();
    for (Route route : house.server().routes().routes()) {
      if (route.surface() == Surface.ASSET || route.template().endsWith("logout")) {
        continue;
      }
      for (Map.Entry<String, Browser> person : PEOPLE.entrySet()) {
        if (route.method().equals("GET") || !allowed(route.access(), person.getKey())) {
          check(route, person.getKey(), person.getValue(), wrong);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static void check(Route route, String who, Browser browser, List<String> wrong)
      throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(house.uri(path(route)));
    boolean api = route.surface() == Surface.API;
    request.header("X-CSRF-Token", browser.csrf());
    if (!route.method().equals("GET")) {
      request.header(
          "Content-Type", api ? "application/json" : "application/x-www-form-urlencoded");
    }
    String body = api ? "{}" : "_csrf=" + browser.csrf();
    request.method(
        route.method(),
        route.method().equals("GET")
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body));
    var answer = browser.send(request);
    int status = answer.statusCode();
    boolean toLogin = answer.headers().firstValue("Location").orElse("").startsWith("/login");
    boolean refused = status == 401 || status == 403 || (status == 303 && toLogin);
    if (route.access() == Access.SESSION_OWNER && who.equals("chulsoo")) {
      refused = status == 404;
    }
    if (allowed(route.access(), who) == refused || status >= 500) {
      wrong.add(route.method() + " " + route.template() + " as " + who + ": " + status);
    }
  }

  @Test
  void whatIsNotInTheTableDoesNotExist() throws Exception {
    for (String path : List.of("/admin", "/api/v1/", "/api/v2/me", "/assets/", "/users/alice/x")) {
      assertThat(PEOPLE.get("admin").get(path).statusCode()).as(path).isEqualTo(404);
    }
  }

  @Test
  void whoAsksForSomebodyElsesSessionsIsGivenTheirOwn() throws Exception {
    String alices = house.samples().get(1).id().value();
    assertThat(PEOPLE.get("alice").get("/api/v1/sessions").body()).contains(alices);
    for (String path :
        List.of("/api/v1/sessions", "/api/v1/sessions?user=alice", "/sessions?user=alice")) {
      assertThat(PEOPLE.get("chulsoo").get(path).body()).as(path).doesNotContain(alices);
    }
  }

  @Test
  void aTokenOfSomebodyElseCannotBeRevoked() throws Exception {
    Browser alice = PEOPLE.get("alice");
    alice.get("/profile");
    assertThat(alice.post("/profile/tokens", Map.of("label", "mine", "days", "1")).statusCode())
        .isLessThan(400);
    String mine = alice.get("/api/v1/tokens").body();
    Matcher id = Pattern.compile("\"id\":\"([^\"]+)\"").matcher(mine);
    assertThat(id.find()).isTrue();
    Browser chulsoo = PEOPLE.get("chulsoo");
    chulsoo.get("/profile");
    assertThat(
            chulsoo
                .send(
                    HttpRequest.newBuilder(house.uri("/api/v1/tokens/" + id.group(1)))
                        .header("X-CSRF-Token", chulsoo.csrf())
                        .DELETE())
                .statusCode())
        .isEqualTo(404);
    chulsoo.post("/profile/tokens/" + id.group(1) + "/revoke", Map.of());
    assertThat(alice.get("/api/v1/tokens").body()).contains(id.group(1));
  }

  @Test
  void aLiveViewOfSomebodyElseIsNotThere() throws Exception {
    String path = "/api/v1/sessions/" + house.samples().getFirst().id() + "/channels/0/live";
    assertThat(PEOPLE.get("chulsoo").get(path).statusCode()).isEqualTo(404);
  }
}
