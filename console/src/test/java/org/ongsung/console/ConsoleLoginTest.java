package org.ongsung.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ongsung.console.house.Browser;
import org.ongsung.console.house.ConsoleHouse;
import org.ongsung.console.house.Samples;

class ConsoleLoginTest {
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
  void aStrangerIsSentToTheLoginAndThenToWhereTheyWanted() throws Exception {
    try (Browser browser = new Browser(house)) {
      var answer = browser.get("/sessions?target=web-1");
      assertThat(answer.statusCode()).isEqualTo(303);
      assertThat(answer.headers().firstValue("Location"))
          .contains("/login?next=%2Fsessions%3Ftarget%3Dweb-1");
      browser.get("/login?next=%2Fsessions%3Ftarget%3Dweb-1");
      var in =
          browser.post(
              "/login",
              Map.of(
                  "name", "alice", "password", Samples.PASSWORD, "next", "/sessions?target=web-1"));
      assertThat(in.statusCode()).isEqualTo(303);
      assertThat(in.headers().firstValue("Location")).contains("/sessions?target=web-1");
      assertThat(browser.get("/sessions").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void theSessionCookieIsOutOfReachOfScriptsAndOfOtherSites() throws Exception {
    try (Browser browser = new Browser(house)) {
      browser.get("/login");
      var in = browser.post("/login", Map.of("name", "alice", "password", Samples.PASSWORD));
      assertThat(in.headers().allValues("Set-Cookie"))
          .anySatisfy(
              cookie ->
                  assertThat(cookie)
                      .startsWith("ongsung-session=")
                      .contains("HttpOnly")
                      .contains("SameSite=Strict"));
    }
  }

  @Test
  void aWrongPasswordIsToldWithoutSayingWhatWasWrong() throws Exception {
    try (Browser browser = new Browser(house)) {
      browser.get("/login");
      var wrong = browser.post("/login", Map.of("name", "alice", "password", "nope"));
      assertThat(wrong.statusCode()).isEqualTo(401);
      assertThat(wrong.body()).contains("The user name or the password is not right.");
    }
  }

  @Test
  void whoLogsOutIsOut() throws Exception {
    try (Browser browser = Browser.of(house, "alice")) {
      assertThat(browser.post("/logout", Map.of()).statusCode()).isEqualTo(303);
      assertThat(browser.get("/").statusCode()).isEqualTo(303);
    }
  }

  @Test
  void myTargetsShowTheCommandsToPaste() throws Exception {
    try (Browser browser = Browser.of(house, "alice")) {
      String page = browser.get("/").body();
      assertThat(page)
          .contains("ssh -p 2222 alice+root+web-1@gate.example.com")
          .contains("sftp -P 2222 alice+web-2@gate.example.com")
          .contains("scp -P 2222 FILE alice+deploy+web-1@gate.example.com:")
          .contains("급여 데이터베이스")
          .doesNotContain("CI builder");
    }
  }

  @Test
  void aUserSeesOnlyTheirOwnSessions() throws Exception {
    try (Browser browser = Browser.of(house, "chulsoo")) {
      String page = browser.get("/sessions?user=alice").body();
      assertThat(page).contains("chulsoo").doesNotContain("payroll-db");
    }
    try (Browser browser = Browser.of(house, "bora")) {
      assertThat(browser.get("/sessions").body()).contains("payroll-db").contains("chulsoo");
    }
  }
}
