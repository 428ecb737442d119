package org.ongsung.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ongsung.console.house.Browser;
import org.ongsung.console.house.ConsoleHouse;
import org.ongsung.console.house.Samples;
import org.ongsung.console.house.Scenes;
import org.ongsung.console.http.Redirects;

/// Open redirect, forged forms, scripts in what targets and people sent.
class CrossSiteRegressionTest {
  private static ConsoleHouse house;

  @BeforeAll
  static void start() throws Exception {
    house = ConsoleHouse.start();
  }

  @AfterAll
  static void stop() {
    house.close();
  }

  @Test
  void redirectsStayInside() {
    for (String outside :
        List.of(
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/\tx",
            "/\n//evil.example",
            "",
            "evil")) {
      assertThat(Redirects.inside(outside, "/")).as(outside).isEqualTo("/");
    }
    assertThat(Redirects.inside("/sessions?user=a&x=%2F", "/")).isEqualTo("/sessions?user=a&x=%2F");
  }

  @Test
  void aLoginLeadsNowhereElse() throws Exception {
    try (Browser browser = new Browser(house)) {
      browser.get("/login");
      var answer =
          browser.post(
              "/login",
              Map.of("name", "alice", "password", Samples.PASSWORD, "next", "//evil.example/"));
      assertThat(answer.headers().firstValue("Location")).contains("/");
    }
  }

  @Test
  void aFormWithoutItsTokenDoesNothing() throws Exception {
    try (Browser browser = Browser.of(house, "admin")) {
      assertThat(browser.postBare("/groups/-", "name=forged").statusCode()).isEqualTo(403);
      assertThat(browser.postBare("/groups/-", "name=forged&_csrf=guess").statusCode())
          .isEqualTo(403);
      assertThat(
              browser
                  .send(
                      HttpRequest.newBuilder(house.uri("/api/v1/groups/forged"))
                          .header("Content-Type", "application/json")
                          .PUT(HttpRequest.BodyPublishers.ofString("{}")))
                  .statusCode())
          .isEqualTo(403);
      assertThat(house.directory().snapshot().groups().toString()).doesNotContain("forged");
    }
  }

  @Test
  void aFormFromAnotherSiteIsRefusedEvenWithItsToken() throws Exception {
    try (Browser browser = Browser.of(house, "admin")) {
      var answer =
          browser.send(
              HttpRequest.newBuilder(house.uri("/groups/-"))
                  .header("Sec-Fetch-Site", "cross-site")
                  .header("Content-Type", "application/x-www-form-urlencoded")
                  .POST(
                      HttpRequest.BodyPublishers.ofString("name=forged&_csrf=" + browser.csrf())));
      assertThat(answer.statusCode()).isEqualTo(403);
    }
  }

  @Test
  void nothingThatSomebodySentBecomesMarkup() throws Exception {
    try (Browser browser = Browser.of(house, "admin")) {
      for (String path : Scenes.paths(house)) {
        String body = browser.get(path).body();
        assertThat(body).as(path).doesNotContain("<script>alert").doesNotContain("onerror=");
      }
      String session = "/sessions/" + house.samples().get(1).id();
      assertThat(browser.get(session).body()).containsPattern("&lt;script(>|&gt;)alert\\(1\\)");
    }
  }

  @Test
  void noPageHasInlineScriptOrStyleAndAllSayTheStrictPolicy() throws Exception {
    Pattern inline = Pattern.compile("<script(?![^>]*\\bsrc=)|<style|\\sstyle=\"|\\son[a-z]+=\"");
    try (Browser browser = Browser.of(house, "admin")) {
      for (String path : Scenes.paths(house)) {
        var answer = browser.get(path);
        assertThat(inline.matcher(answer.body()).find()).as(path).isFalse();
        assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
            .as(path)
            .contains("default-src 'none'")
            .contains("frame-ancestors 'none'")
            .doesNotContain("unsafe-inline")
            .doesNotContain("'unsafe-eval'");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
      }
    }
  }
}
