package org.ongsung.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ongsung.console.house.ConsoleHouse;
import org.ongsung.console.house.Samples;
import org.ongsung.console.http.BasePath;

/// Posts of the system to its own addresses on nobody's account.
class OwnRequestsTest {
  private static ConsoleHouse house;
  private static ConsoleHouse below;

  @BeforeAll
  static void start() throws Exception {
    house = ConsoleHouse.start();
    below = ConsoleHouse.under(BasePath.of("/gate"));
  }

  @AfterAll
  static void stop() {
    house.close();
    below.close();
  }

  private static OptionalInt post(ConsoleHouse at, URI url, String json) throws Exception {
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
}
