package org.ongsung.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ongsung.console.house.Browser;
import org.ongsung.console.house.ConsoleHouse;
import org.ongsung.console.house.Samples;
import org.ongsung.policy.PasswordLimits;

/// Passwords that change, and passwords that cannot be checked at the moment.
class PasswordsTest {
  /// Nobody's turn comes within no time at all.
  private static final PasswordLimits IMPATIENT =
      new PasswordLimits(65_536, 10, 8, 1, 1, Duration.ofNanos(1));

  private static void isPositive(String seconds) {
    assertThat(Integer.parseInt(seconds)).isPositive();
  }

  private ConsoleHouse house;

  @BeforeEach
  void start() throws Exception {
    house = ConsoleHouse.start();
  }

  @AfterEach
  void stop() {
    house.close();
  }

  private static HttpResponse<String> api(
      Browser browser, ConsoleHouse house, String method, String path, String json)
      throws Exception {
    return browser.send(
        HttpRequest.newBuilder(house.uri("/api/v1" + path))
            .header("Content-Type", "application/json")
            .header("X-CSRF-Token", browser.csrf())
            .method(method, HttpRequest.BodyPublishers.ofString(json)));
  }

  /// A login in a browser, and a token that was made in it.
  private record Holder(Browser browser, String token) {}

  private Holder holder(String user) throws Exception {
    Browser browser = Browser.of(house, user);
    String answer = api(browser, house, "POST", "/tokens", "{\"label\": \"script\"}").body();
    return new Holder(browser, answer.replaceFirst("(?s).*\"token\":\"([^\"]+)\".*", "$1"));
  }

  private int statusOfToken(String token) throws Exception {
    try (Browser other = new Browser(house)) {
      return other
          .send(
              HttpRequest.newBuilder(house.uri("/api/v1/me"))
                  .header("Authorization", "Bearer " + token))
          .statusCode();
    }
  }

  private void assertOut(Holder holder) throws Exception {
    assertThat(holder.browser.get("/profile").statusCode()).isEqualTo(303);
    assertThat(statusOfToken(holder.token)).isEqualTo(401);
    holder.browser.close();
  }

  @Test
  void aPasswordThatAnAdministratorSavesEndsTheUsersLoginsAndTokens() throws Exception {
    Holder alice = holder("alice");
    try (Browser admin = Browser.of(house, "admin")) {
      admin.get("/users/alice");
      var saved =
          admin.post(
              "/users/alice",
              Map.of(
                  "title",
                  "김앨리스",
                  "roles",
                  "user",
                  "groups",
                  "ops",
                  "active",
                  "on",
                  "password",
                  "another horse"));
      assertThat(saved.statusCode()).as(saved.body()).isEqualTo(303);
      assertThat(admin.get("/profile").statusCode()).isEqualTo(200);
    }
    assertOut(alice);
  }

  @Test
  void aPasswordThatIsAppliedEndsTheUsersLoginsAndTokensAndNobodyElses() throws Exception {
    Holder alice = holder("alice");
    Holder bora = holder("bora");
    try (Browser admin = Browser.of(house, "admin")) {
      String document =
          "{\"document\": {\"users\": [{\"name\": \"alice\", \"roles\": [\"user\"],"
              + " \"groups\": [\"ops\"], \"password\": {\"plain\": \"another horse\"}}]}}";
      var applied = api(admin, house, "POST", "/apply", document);
      assertThat(applied.statusCode()).as(applied.body()).isEqualTo(200);
    }
    assertOut(alice);
    assertThat(statusOfToken(bora.token)).isEqualTo(200);
    bora.browser.close();
  }

  @Test
  void thePasswordThatIsThereAlreadyEndsNothing() throws Exception {
    Holder alice = holder("alice");
    try (Browser admin = Browser.of(house, "admin")) {
      String document =
          "{\"document\": {\"users\": [{\"name\": \"alice\", \"title\": \"A\","
              + " \"password\": {\"plain\": \""
              + Samples.PASSWORD
              + "\"}}]}}";
      assertThat(api(admin, house, "POST", "/apply", document).statusCode()).isEqualTo(200);
    }
    assertThat(statusOfToken(alice.token)).isEqualTo(200);
    alice.browser.close();
  }

  @Test
  void onesOwnChangeKeepsTheLoginThatMadeItAndNothingElse() throws Exception {
    Holder elsewhere = holder("alice");
    try (Browser here = Browser.of(house, "alice")) {
      here.get("/profile");
      var changed =
          here.post(
              "/profile/password",
              Map.of(
                  "current", Samples.PASSWORD,
                  "password", "another horse",
                  "again", "another horse"));
      assertThat(changed.statusCode()).isEqualTo(200);
      assertThat(here.get("/profile").statusCode()).isEqualTo(200);
    }
    assertOut(elsewhere);
  }

  @Test
  void aLoginThatCannotBeCheckedNowIsToldSoAndWhenToComeBack() throws Exception {
    try (ConsoleHouse crowded = ConsoleHouse.start(IMPATIENT, PasswordLimits.DEFAULT);
        Browser browser = new Browser(crowded)) {
      browser.get("/login");
      var page = browser.post("/login", Map.of("name", "alice", "password", Samples.PASSWORD));
      assertThat(page.statusCode()).isEqualTo(503);
      assertThat(page.headers().firstValue("Retry-After"))
          .hasValueSatisfying(PasswordsTest::isPositive);
      assertThat(page.body()).contains("Many people are logging in at this moment.");
      var api =
          browser.send(
              HttpRequest.newBuilder(crowded.uri("/api/v1/login"))
                  .header("Content-Type", "application/json")
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          "{\"name\": \"alice\", \"password\": \"correct horse\"}")));
      assertBusy(api);
    }
  }

  @Test
  void aPasswordThatCannotBeHashedNowChangesNothing() throws Exception {
    try (ConsoleHouse crowded = ConsoleHouse.start(PasswordLimits.DEFAULT, IMPATIENT);
        Browser admin = Browser.of(crowded, "admin")) {
      String user = "{\"password\": {\"plain\": \"another horse\"}}";
      assertBusy(api(admin, crowded, "PUT", "/users/alice", user));
      admin.get("/users/alice");
      var page = admin.post("/users/alice", Map.of("roles", "user", "password", "another horse"));
      assertThat(page.statusCode()).isEqualTo(503);
      assertThat(page.headers().firstValue("Retry-After"))
          .hasValueSatisfying(PasswordsTest::isPositive);
      assertThat(page.body()).contains("Many passwords are being checked at this moment.");
      Browser.of(crowded, "alice").close(); // with the password that was there
    }
  }

  @Test
  void oneBlockedForFailuresIsNotToldThatTheGatewayIsBusy() throws Exception {
    house.block("127.0.0.1", "alice");
    try (Browser browser = new Browser(house)) {
      browser.get("/login");
      var page = browser.post("/login", Map.of("name", "alice", "password", Samples.PASSWORD));
      assertThat(page.statusCode()).isEqualTo(429);
      assertThat(page.headers().firstValue("Retry-After"))
          .hasValueSatisfying(PasswordsTest::isPositive);
      assertThat(page.body()).contains("Too many failed logins.");
    }
  }

  private static void assertBusy(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After"))
        .hasValueSatisfying(PasswordsTest::isPositive);
    assertThat(answer.body()).contains("passwords-busy").contains("try again in");
  }
}
