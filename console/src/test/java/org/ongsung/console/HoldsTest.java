package org.ongsung.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ongsung.console.house.Browser;
import org.ongsung.console.house.ConsoleHouse;

/// Legal holds, by forms of the session's page and through the API.
class HoldsTest {
  private static ConsoleHouse house;
  private static Browser auditor;

  @BeforeAll
  static void start() throws Exception {
    house = ConsoleHouse.start();
    auditor = Browser.of(house, "bora");
  }

  @AfterAll
  static void stop() {
    auditor.close();
    house.close();
  }

  private static String page(int sample) {
    return "/sessions/" + house.samples().get(sample).id();
  }

  @Test
  void anAuditorHoldsASessionAndLiftsItWithAReason() throws Exception {
    String session = page(1);
    auditor.get(session);
    assertThat(auditor.post(session + "/hold", Map.of("reason", " ")).statusCode()).isEqualTo(422);
    assertThat(auditor.post(session + "/hold", Map.of("reason", "case 7 & more")).statusCode())
        .isEqualTo(303);
    assertThat(auditor.get(session).body()).contains("Held by bora").contains("case 7 &amp; more");
    assertThat(auditor.get("/api/v1" + session).body())
        .contains("\"held\":{\"by\":\"bora\"")
        .contains("\"purged\":null");
    assertThat(auditor.post(session + "/hold", Map.of("reason", "again")).body())
        .contains("This session is held already.");
    assertThat(auditor.post(session + "/release", Map.of("reason", "closed")).statusCode())
        .isEqualTo(303);
    assertThat(auditor.get(session).body()).doesNotContain("Held by bora");
    assertThat(auditor.post(session + "/release", Map.of("reason", "closed")).body())
        .contains("Nobody holds this session.");
    assertThat(auditor.get("/api/v1/ledger?code=session.held").body()).contains("case 7 & more");
    assertThat(auditor.get("/api/v1/ledger?code=session.hold.lifted").body()).contains("closed");
  }

  @Test
  void whatIsGoneByPolicyIsSaidAndCannotBeHeld() throws Exception {
    String session = page(4);
    assertThat(auditor.get(session).body())
        .contains("deleted by the retention policy")
        .doesNotContain("/hold");
    assertThat(auditor.get(session + "/channels/0").body())
        .contains("deleted by the retention policy")
        .doesNotContain("id=\"player\"");
    var recording = auditor.get("/api/v1" + session + "/channels/0/recording");
    assertThat(recording.statusCode()).isEqualTo(404);
    assertThat(recording.body()).contains("recording-purged");
    auditor.get(session);
    assertThat(auditor.post(session + "/hold", Map.of("reason", "too late")).statusCode())
        .isEqualTo(409);
  }
}
