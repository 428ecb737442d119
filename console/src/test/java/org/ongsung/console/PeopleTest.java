package org.ongsung.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ongsung.console.house.Browser;
import org.ongsung.console.house.ConsoleHouse;
import org.ongsung.console.house.Samples;
import org.ongsung.model.Name;
import org.ongsung.model.User;

/// What there is about a person, and what they manage themselves.
class PeopleTest {
  private static final String KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJpFXN3e8wyQrLBGuLWXcCV4GDUkrjcaSZbBaJEBrYJM second";

  private ConsoleHouse house;

  @BeforeEach
  void start() throws Exception {
    house = ConsoleHouse.start();
  }

  @AfterEach
  void stop() {
    house.close();
  }

  private User alice() {
    return house.directory().snapshot().user(Name.of("alice")).orElseThrow();
  }

  @Test
  void aUsersPageShowsTheirSessionsGrantsKeysAndLogins() throws Exception {
    try (Browser bora = Browser.of(house, "bora")) {
      String page = bora.get("/users/alice").body();
      assertThat(page)
          .contains("Newest sessions", "/sessions/" + house.samples().get(1).id())
          .contains("ops-on-payroll", "team=finance")
          .contains("SHA256:", "alice@laptop")
          .contains("Newest logins", "10.1.2.34")
          .doesNotContain("/sessions/" + house.samples().get(2).id()); // chulsoo's
    }
  }

  @Test
  void peopleSeeTheirOwnAndNobodyElses() throws Exception {
    try (Browser alice = Browser.of(house, "alice")) {
      assertThat(alice.get("/profile").body())
          .contains("/sessions/" + house.samples().get(1).id(), "ops-on-payroll")
          .doesNotContain("dev-on-build", "/sessions/" + house.samples().get(2).id());
    }
  }

  @Test
  void aKeyIsAddedWithThePasswordAloneAndTakenAwayAgain() throws Exception {
    try (Browser alice = Browser.of(house, "alice")) {
      alice.get("/profile");
      assertThat(
              alice.post("/profile/keys", Map.of("key", KEY, "current", "not mine")).statusCode())
          .isEqualTo(403);
      assertThat(
              alice
                  .post("/profile/keys", Map.of("key", "ssh-rsa", "current", Samples.PASSWORD))
                  .body())
          .contains("That is no public key");
      assertThat(alice().publicKeys()).hasSize(1);
      assertThat(
              alice
                  .post("/profile/keys", Map.of("key", KEY + "\n", "current", Samples.PASSWORD))
                  .body())
          .contains("The key was added");
      assertThat(alice().publicKeys()).hasSize(2);
      String listed = alice.get("/api/v1/me/keys").body();
      assertThat(listed).contains("\"comment\":\"second\"");
      String id = alice().publicKeys().get(1).fingerprint().replace("SHA256:", "");
      String encoded = id.replace('+', '.').replace('/', '_');
      try (Browser chulsoo = Browser.of(house, "chulsoo")) {
        chulsoo.get("/profile");
        assertThat(chulsoo.post("/profile/keys/" + encoded + "/remove", Map.of()).statusCode())
            .isEqualTo(404);
      }
      assertThat(
              alice
                  .send(
                      HttpRequest.newBuilder(house.uri("/api/v1/me/keys/" + encoded))
                          .header("X-CSRF-Token", alice.csrf())
                          .DELETE())
                  .statusCode())
          .isEqualTo(204);
      assertThat(alice().publicKeys()).hasSize(1);
      assertThat(alice().password()).isNotNull();
    }
  }

  private HttpResponse<String> inEnglish(Browser browser, String path) throws Exception {
    return browser.send(
        HttpRequest.newBuilder(house.uri(path)).header("Accept-Language", "en").GET());
  }

  @Test
  void aPersonChoosesTheirLanguageForEveryBrowserAndEveryPage() throws Exception {
    try (Browser alice = Browser.of(house, "alice");
        Browser another = Browser.of(house, "alice")) {
      alice.get("/profile");
      assertThat(inEnglish(alice, "/profile").body()).contains("<html lang=\"en\"");
      assertThat(alice.post("/profile/language", Map.of("language", "fr")).statusCode())
          .isEqualTo(400);
      assertThat(alice.post("/profile/language", Map.of("language", "ko")).statusCode())
          .isEqualTo(303);
      for (Browser browser : List.of(alice, another)) {
        assertThat(inEnglish(browser, "/profile").body())
            .contains("<html lang=\"ko\"")
            .containsPattern("value=\"ko\" lang=\"ko\" aria-pressed=\"true\"");
        // Also where something is missing or forbidden.
        assertThat(inEnglish(browser, "/files/nowhere").body()).contains("없는 주소이거나");
        assertThat(inEnglish(browser, "/users").body()).contains("<html lang=\"ko\"");
      }
      assertThat(alice.get("/api/v1/me").body()).contains("\"language\":\"ko\"");
      assertThat(
              alice
                  .send(
                      HttpRequest.newBuilder(house.uri("/api/v1/me/language"))
                          .header("X-CSRF-Token", alice.csrf())
                          .header("Content-Type", "application/json")
                          .PUT(HttpRequest.BodyPublishers.ofString("{\"language\":\"auto\"}")))
                  .statusCode())
          .isEqualTo(204);
      assertThat(inEnglish(another, "/profile").body()).contains("<html lang=\"en\"");
    }
  }
}
