package org.ongsung.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ongsung.console.house.ConsoleHouse;

/// Path parameters and double decoding: what can be read in two ways is 400, whoever asks.
class PathConfusionRegressionTest {
  private static ConsoleHouse house;

  @BeforeAll
  static void start() throws Exception {
    house = ConsoleHouse.start();
  }

  @AfterAll
  static void stop() {
    house.close();
  }

  private static String firstLine(String target) throws IOException {
    return exchange("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  }

  private static String exchange(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), house.uri("/").getPort())) {
      socket.setSoTimeout(100_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return answer.lines().findFirst().orElse("");
    }
  }

  @Test
  void ambiguousAddressesAreRefused() throws Exception {
    for (String target :
        List.of(
            "/login;/users",
            "/login;jsessionid=1",
            "/x;/users",
            "/login/..;/users",
            "/login/../users",
            "/./login",
            "/login/%2e%2e/users",
            "/%2e/login",
            "/login%2f..%2fusers",
            "/login%5c..%5cusers",
            "/login%252f",
            "//login",
            "/assets//x",
            "/login%00",
            "/login%0a",
            "/login%zz",
            "/login\\users")) {
      assertThat(firstLine(target)).as(target).startsWith("HTTP/1.1 400");
    }
  }

  @Test
  void theSameAddressWrittenPlainlyWorks() throws Exception {
    assertThat(firstLine("/login")).startsWith("HTTP/1.1 200");
    assertThat(firstLine("/l%6fgin")).startsWith("HTTP/1.1 200");
  }

  @Test
  void headersHaveALimit() throws Exception {
    String fits = "X-A: " + "a".repeat(12_000) + "\r\n";
    String tooLong = "X-A: " + "a".repeat(17_000) + "\r\n";
    String head = "GET /login HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
    assertThat(exchange(head + fits + "\r\n")).startsWith("HTTP/1.1 200");
    assertThat(exchange(head + tooLong + "\r\n")).startsWith("HTTP/1.1 431");
  }
}
