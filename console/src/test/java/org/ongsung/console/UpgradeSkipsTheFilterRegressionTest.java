package org.ongsung.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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

/// A WebSocket upgrade that skips the filter: a terminal is its owner's alone, by a socket, by
/// events and by posts, under every spelling of its address, and for no page but our own.
@Timeout(240)
class UpgradeSkipsTheFilterRegressionTest {
  private static ConsoleHouse house;
  private static String origin;
  private static final Map<String, Browser> PEOPLE = new LinkedHashMap<>();
  private static String terminal;

  @BeforeAll
  static void start() throws Exception {
    house = ConsoleHouse.start();
    origin = house.uri("").toString();
    PEOPLE.put("stranger", new Browser(house));
    for (String user : List.of("chulsoo", "alice", "bora", "admin")) {
      PEOPLE.put(user, Browser.of(house, user));
    }
    terminal = "/api/v1/me/terminals/" + open(PEOPLE.get("alice"));
  }

  @AfterAll
  static void stop() {
    PEOPLE.values().forEach(Browser::close);
    house.close();
  }

  private static HttpResponse<String> json(
      Browser browser, String method, String path, String body, String csrf) throws Exception {
    return browser.send(
        HttpRequest.newBuilder(house.uri(path))
            .header("Content-Type", "application/json")
            .header("X-CSRF-Token", csrf)
            .method(method, HttpRequest.BodyPublishers.ofString(body)));
  }

  private static String open(Browser browser) throws Exception {
    HttpResponse<String> answer =
        json(
            browser,
            "POST",
            "/api/v1/me/terminals",
            "{\"target\":\"payroll-db\",\"account\":\"postgres\",\"columns\":80,\"rows\":24}",
            browser.csrf());
    Matcher id = Pattern.compile("\"id\":\"([A-Za-z0-9_-]{24})\"").matcher(answer.body());
    assertThat(id.find()).as(answer.body()).isTrue();
    return id.group(1);
  }

  @Test
  void nobodyElseHasASocketToIt() throws Exception {
    for (Map.Entry<String, Browser> person : PEOPLE.entrySet()) {
      int expected =
          switch (person.getKey()) {
            case "stranger" -> 401;
            case "alice" -> 101;
            default -> 404;
          };
      assertThat(person.getValue().socket(terminal + "/socket", origin))
          .as(person.getKey())
          .isEqualTo(expected);
    }
  }

  @Test
  void norEventsNorAKeyboard() throws Exception {
    for (String who : List.of("stranger", "chulsoo", "bora", "admin")) {
      Browser browser = PEOPLE.get(who);
      int expected = who.equals("stranger") ? 401 : 404;
      assertThat(browser.get(terminal + "/events").statusCode()).as(who).isEqualTo(expected);
      for (String method : List.of("POST", "DELETE")) {
        String path = method.equals("POST") ? terminal + "/input" : terminal;
        assertThat(json(browser, method, path, "{}", browser.csrf()).statusCode())
            .as(who + method)
            .isEqualTo(expected);
      }
    }
    Browser alice = PEOPLE.get("alice");
    assertThat(json(alice, "POST", terminal + "/input", "{}", alice.csrf()).statusCode())
        .isEqualTo(204);
    assertThat(json(alice, "POST", terminal + "/input", "{}", "wrong").statusCode()).isEqualTo(403);
  }

  @Test
  void anotherSitesPageHasNoSocketAtAll() throws Exception {
    Browser alice = PEOPLE.get("alice");
    for (String other :
        List.of(
            "",
            "null",
            "https://evil.example",
            "http://127.0.0.1",
            "http://127.0.0.1:1",
            "http://user@" + origin.substring(7),
            origin + ".evil.example")) {
      assertThat(alice.socket(terminal + "/socket", other)).as(other).isEqualTo(403);
    }
  }

  @Test
  void anotherSpellingOfTheAddressIsNoWayIn() throws Exception {
    for (String spelling :
        List.of(
            "/login;" + terminal + "/socket",
            terminal + ";x/socket",
            "/login/.." + terminal + "/socket",
            terminal + "/%73ocket;",
            terminal + "/socket/",
            "/" + terminal + "/socket")) {
      for (String who : List.of("stranger", "chulsoo")) {
        assertThat(PEOPLE.get(who).socket(spelling, origin)).as(spelling).isIn(400, 401, 404);
      }
    }
  }

  @Test
  void aTargetThatOneMayNotReachLooksLikeOneThatIsNotThere() throws Exception {
    Browser chulsoo = PEOPLE.get("chulsoo");
    String[] answers = new String[2];
    String[] targets = {"payroll-db", "no-such-target"};
    for (int i = 0; i < 2; i++) {
      HttpResponse<String> answer =
          json(
              chulsoo,
              "POST",
              "/api/v1/me/terminals",
              "{\"target\":\"" + targets[i] + "\",\"account\":\"postgres\"}",
              chulsoo.csrf());
      answers[i] = answer.statusCode() + answer.body().replaceAll("\"id\":\"[^\"]+\"", "");
      assertThat(chulsoo.get("/terminal/" + targets[i] + "/postgres").statusCode()).isEqualTo(404);
    }
    assertThat(answers[0]).startsWith("404").isEqualTo(answers[1]);
    assertThat(house.gateway().denials()).contains("chulsoo payroll-db", "chulsoo no-such-target");
  }

  @Test
  void whatIsNoSocketIsToldSo() throws Exception {
    assertThat(PEOPLE.get("alice").get(terminal + "/socket").statusCode()).isEqualTo(426);
  }
}
