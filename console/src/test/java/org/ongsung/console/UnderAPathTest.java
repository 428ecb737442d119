package org.ongsung.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ongsung.console.house.Browser;
import org.ongsung.console.house.ConsoleHouse;
import org.ongsung.console.http.BasePath;
import org.ongsung.console.http.Route;
import org.ongsung.console.http.Surface;

/// The console under a path of somebody else's host: everything stays inside, and nothing of the
/// console is found beside it.
class UnderAPathTest {
  private static final String BASE = "/tools/ongsung";

  /// Everything in a page that a browser may ask for by itself or when somebody acts.
  private static final Pattern ADDRESS =
      Pattern.compile("\\b(?:href|src|action|formaction|hx-get|hx-post|data-src)=\"([^\"]*)\"");

  private static ConsoleHouse house;
  private static Browser admin;

  @BeforeAll
  static void start() throws Exception {
    house = ConsoleHouse.under(BasePath.of(BASE + "/"));
    admin = Browser.of(house, "admin");
  }

  @AfterAll
  static void stop() {
    admin.close();
    house.close();
  }

  private static List<String> addresses(String page) {
    return ADDRESS
        .matcher(page)
        .results()
        .map(found -> found.group(1).replace("&amp;", "&"))
        .filter(address -> !address.startsWith("#"))
        .toList();
  }

  /// A page for each route that there is, and every page that those lead to.
  @Test
  void noPageLeadsOutside() throws Exception {
    Queue<String> ahead = new ArrayDeque<>(List.of("/", "/login"));
    for (Route route : house.server().routes().routes()) {
      if (route.method().equals("GET") && isPage(route)) {
        ahead.add(route.template().replaceAll("\\{[a-z]+}", "x"));
      }
    }
    Set<String> seen = new HashSet<>(ahead);
    List<String> outside = new ArrayList<>();
    while (!ahead.isEmpty()) {
      String path = ahead.remove();
      HttpResponse<String> answer = admin.get(path);
      List<String> found = new ArrayList<>(answer.headers().allValues("Location"));
      if (answer.headers().firstValue("Content-Type").orElse("").startsWith("text/html")) {
        found.addAll(addresses(answer.body()));
      }
      for (String address : found) {
        if (address.startsWith("https://wiki.example.com/")) {
          continue; // what an administrator wrote on the wall
        }
        if (!address.startsWith(BASE + "/")) {
          outside.add(path + " leads to " + address);
        } else if (!address.contains("/assets/") && !address.contains("/api/")) {
          String inside = address.substring(BASE.length());
          if (seen.size() < 400 && seen.add(inside)) {
            ahead.add(inside);
          }
        }
      }
    }
    assertThat(outside).isEmpty();
    assertThat(seen).hasSizeGreaterThan(30);
  }

  private static boolean isPage(Route route) {
    return route.surface() == Surface.PAGE || route.surface() == Surface.PLAYER_PAGE;
  }

  @Test
  void whatPagesAreMadeOfIsThere() throws Exception {
    for (String address : addresses(admin.get("/").body())) {
      if (address.contains("/assets/")) {
        assertThat(admin.get(address.substring(BASE.length())).statusCode())
            .as(address)
            .isEqualTo(200);
      }
    }
  }

  @Test
  void aLoginAndFormsStayInside() throws Exception {
    try (Browser fresh = new Browser(house)) {
      HttpResponse<String> asked = fresh.get("/sessions?user=alice");
      assertThat(asked.headers().firstValue("Location"))
          .contains(BASE + "/login?next=%2Fsessions%3Fuser%3Dalice");
      fresh.get("/login");
      HttpResponse<String> in =
          fresh.post(
              "/login",
              Map.of(
                  "name",
                  "alice",
                  "password",
                  org.ongsung.console.house.Samples.PASSWORD,
                  "next",
                  "/sessions?user=alice"));
      assertThat(in.headers().firstValue("Location")).contains(BASE + "/sessions?user=alice");
      assertThat(in.headers().allValues("Set-Cookie"))
          .hasSize(2)
          .allSatisfy(cookie -> assertThat(cookie).contains("; Path=" + BASE + ";"));
    }
  }

  @Test
  void theDescriptionOfTheApiSaysWhereItIs() throws Exception {
    assertThat(admin.get("/api/v1/openapi.json").body())
        .contains("\"servers\":[{\"url\":\"" + BASE + "\"}]");
  }

  @Test
  void whoKnocksAtTheHostIsShownTheDoor() throws Exception {
    for (String knocking : List.of("/", BASE)) {
      HttpResponse<String> answer = bare(knocking);
      assertThat(answer.statusCode()).isEqualTo(303);
      assertThat(answer.headers().firstValue("Location")).contains(BASE + "/");
    }
  }

  @Test
  void besideThePathThereIsNothing() throws Exception {
    for (String beside :
        List.of(
            "/login", "/api/v1/openapi.json", "/metrics", "/tools", BASE + "x/login", "/tools/")) {
      assertThat(bare(beside).statusCode()).as(beside).isEqualTo(404);
    }
    assertThat(bare(BASE + "/%2e%2e/login").statusCode()).isEqualTo(400);
  }

  private static HttpResponse<String> bare(String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI address = URI.create("http://127.0.0.1:" + house.server().address().getPort() + path);
      return client.send(
          HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    }
  }
}
