package org.ongsung.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ongsung.console.house.Browser;
import org.ongsung.console.house.ConsoleHouse;
import org.ongsung.console.services.ConsoleLimits;
import org.ongsung.console.terminal.BrowserTerminal;
import org.ongsung.console.terminal.BrowserTerminalLimits;
import org.ongsung.model.EndReason;

/// The bounds of terminals in browsers, each at the bound and past it.
@Timeout(240)
class BrowserTerminalLimitsTest {
  private static ConsoleLimits with(BrowserTerminalLimits terminals) {
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
        usual.unreadBodyBytes(),
        usual.unreadBodyTime(),
        usual.connecting(),
        usual.people(),
        terminals);
  }

  private static HttpResponse<String> post(
      ConsoleHouse house, Browser browser, String path, String json) throws Exception {
    return browser.send(
        HttpRequest.newBuilder(house.uri("/api/v1/me/terminals" + path))
            .header("Content-Type", "application/json")
            .header("X-CSRF-Token", browser.csrf())
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  private static HttpResponse<String> open(ConsoleHouse house, Browser browser) throws Exception {
    return post(house, browser, "", "{\"target\":\"payroll-db\",\"account\":\"postgres\"}");
  }

  private static String id(HttpResponse<String> answer) {
    Matcher id = Pattern.compile("\"id\":\"([^\"]+)\"").matcher(answer.body());
    assertThat(id.find()).as(answer.body()).isTrue();
    return id.group(1);
  }

  private static String typed(long at, int bytes) {
    return "{\"at\":%d,\"typed\":\"%s\"}"
        .formatted(
            at,
            Base64.getEncoder().encodeToString("a".repeat(bytes).getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void onePersonHasSoManyAndOneThatEndsMakesRoom() throws Exception {
    try (ConsoleHouse house =
            ConsoleHouse.start(
                with(
                    new BrowserTerminalLimits(
                        2, 3, 4_096, Duration.ofMinutes(5), Duration.ofSeconds(1))));
        Browser alice = Browser.of(house, "alice")) {
      String first = id(open(house, alice));
      assertThat(open(house, alice).statusCode()).isEqualTo(200);
      HttpResponse<String> refused = open(house, alice);
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
      HttpRequest.Builder leave =
          HttpRequest.newBuilder(house.uri("/api/v1/me/terminals/" + first))
              .header("X-CSRF-Token", alice.csrf())
              .DELETE();
      assertThat(alice.send(leave).statusCode()).isEqualTo(204);
      assertThat(house.gateway().awaitFirst().over().get(100, TimeUnit.SECONDS).code())
          .isEqualTo(EndReason.Code.PERSON_LEFT);
      int status = 429;
      while (status == 429) {
        status = open(house, alice).statusCode();
      }
      assertThat(status).isEqualTo(200);
    }
  }

  @Test
  void everybodyTogetherHasSoMany() throws Exception {
    try (ConsoleHouse house =
            ConsoleHouse.start(
                with(
                    new BrowserTerminalLimits(
                        5, 2, 4_096, Duration.ofMinutes(5), Duration.ofSeconds(1))));
        Browser alice = Browser.of(house, "alice")) {
      assertThat(open(house, alice).statusCode()).isEqualTo(200);
      assertThat(open(house, alice).statusCode()).isEqualTo(200);
      assertThat(open(house, alice).statusCode()).isEqualTo(503);
    }
  }

  @Test
  void aMinuteAwayIsNotTooLong() {
    assertThat(BrowserTerminalLimits.DEFAULT.absence())
        .isGreaterThanOrEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void whoDoesNotComeBackInTimeHasLeft() throws Exception {
    try (ConsoleHouse house =
            ConsoleHouse.start(
                with(
                    new BrowserTerminalLimits(
                        5, 5, 4_096, Duration.ofMillis(200), Duration.ofSeconds(1))));
        Browser alice = Browser.of(house, "alice")) {
      String id = id(open(house, alice));
      assertThat(house.gateway().awaitFirst().over().get(100, TimeUnit.SECONDS).code())
          .isEqualTo(EndReason.Code.PERSON_LEFT);
      int status = 204;
      while (status == 204) {
        status = post(house, alice, "/" + id + "/input", "{}").statusCode();
      }
      assertThat(status).isEqualTo(404);
    }
  }

  @Test
  void nothingTypedIsTakenTwiceOrMissedOrTooMuch() throws Exception {
    try (ConsoleHouse house = ConsoleHouse.start();
        Browser alice = Browser.of(house, "alice")) {
      String path = "/" + id(open(house, alice)) + "/input";
      var session = house.gateway().awaitFirst();
      assertThat(post(house, alice, path, typed(0, 3)).statusCode()).isEqualTo(204);
      assertThat(post(house, alice, path, typed(0, 3)).statusCode()).isEqualTo(204);
      assertThat(post(house, alice, path, typed(1, 4)).statusCode()).isEqualTo(204);
      HttpResponse<String> gap = post(house, alice, path, typed(6, 1));
      assertThat(gap.statusCode()).isEqualTo(409);
      assertThat(gap.body()).contains("\"gap\"");
      assertThat(post(house, alice, path, typed(-1, 1)).statusCode()).isEqualTo(409);
      int most = BrowserTerminal.MAX_UNTAKEN_BYTES;
      assertThat(post(house, alice, path, typed(5, most + 1)).statusCode()).isEqualTo(413);
      assertThat(post(house, alice, path, typed(5, most)).statusCode()).isEqualTo(204);
      assertThat(post(house, alice, path, "{\"typed\":\"no base64\",\"at\":5}").statusCode())
          .isEqualTo(400);
      while (session.typed().length() < most + 5) {
        Thread.sleep(10);
      }
      assertThat(session.typed()).isEqualTo("a".repeat(most + 5));
    }
  }

  @Test
  void aTargetThatTakesNothingHoldsAPersonBackAndDoesNotKeepThem() throws Exception {
    try (ConsoleHouse house = ConsoleHouse.start();
        Browser alice = Browser.of(house, "alice")) {
      String id = id(open(house, alice));
      assertThat(typeUntilRefused(house, alice, id)).isEqualTo(429);
      HttpRequest.Builder leave =
          HttpRequest.newBuilder(house.uri("/api/v1/me/terminals/" + id))
              .header("X-CSRF-Token", alice.csrf())
              .DELETE();
      assertThat(alice.send(leave).statusCode()).isEqualTo(204);
      assertThat(house.gateway().awaitFirst().over().get(100, TimeUnit.SECONDS).code())
          .isEqualTo(EndReason.Code.PERSON_LEFT);
    }
  }

  @Test
  void whoStaysAwayFromATargetThatTakesNothingHasLeftToo() throws Exception {
    try (ConsoleHouse house =
            ConsoleHouse.start(
                with(
                    new BrowserTerminalLimits(
                        5, 5, 4_096, Duration.ofSeconds(5), Duration.ofSeconds(1))));
        Browser alice = Browser.of(house, "alice")) {
      int _ = typeUntilRefused(house, alice, id(open(house, alice)));
      assertThat(house.gateway().awaitFirst().over().get(100, TimeUnit.SECONDS).code())
          .isEqualTo(EndReason.Code.PERSON_LEFT);
    }
  }

  /// Makes the target deaf and types on.
  ///
  /// @return what the last request came to
  private static int typeUntilRefused(ConsoleHouse house, Browser browser, String id)
      throws Exception {
    String path = "/" + id + "/input";
    String deaf = Base64.getEncoder().encodeToString("deaf\r".getBytes(StandardCharsets.UTF_8));
    int status = post(house, browser, path, "{\"at\":0,\"typed\":\"" + deaf + "\"}").statusCode();
    assertThat(status).isEqualTo(204);
    for (long at = 5; status == 204; at += 16_384) {
      status = post(house, browser, path, typed(at, 16_384)).statusCode();
      assertThat(at).isLessThan(1_000_000);
    }
    return status;
  }
}
