package org.ongsung.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ongsung.console.house.Browser;
import org.ongsung.console.house.ConsoleHouse;
import org.ongsung.console.http.DoorLimits;
import org.ongsung.console.services.ConsoleLimits;
import org.ongsung.console.terminal.BrowserTerminalLimits;

/// Every bound of [ConsoleLimits], at it and past it.
class ConsoleLimitsTest {
  /// A connection may say nothing for longer than any test takes.
  private static final ConsoleLimits FEW = few(Duration.ofMinutes(5));

  private static final ConsoleLimits IMPATIENT = few(Duration.ofMillis(1_500));

  private static ConsoleLimits few(Duration idle) {
    return new ConsoleLimits(
        2_048,
        4_096,
        6,
        2,
        idle,
        Duration.ofSeconds(5),
        Duration.ofHours(12),
        Duration.ofMillis(200),
        1 << 20,
        Duration.ofSeconds(30),
        Duration.ofSeconds(20),
        DoorLimits.PEOPLE,
        BrowserTerminalLimits.DEFAULT);
  }

  private static HttpRequest request(ConsoleHouse house, String path, String cookie) {
    return HttpRequest.newBuilder(house.uri(path)).header("Cookie", cookie).build();
  }

  /// The cookie of a login.
  private static String cookie(ConsoleHouse house) throws Exception {
    try (Browser browser = new Browser(house)) {
      browser.get("/login");
      var in =
          browser.post(
              "/login",
              java.util.Map.of(
                  "name", "admin", "password", org.ongsung.console.house.Samples.PASSWORD));
      return in.headers().allValues("Set-Cookie").stream()
          .filter(one -> one.startsWith("ongsung-session="))
          .map(one -> one.substring(0, one.indexOf(';')))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void asManyLiveViewsAsTheLimitSaysAndTheNextIsToldToComeBack() throws Exception {
    try (ConsoleHouse house = ConsoleHouse.start(with(ConsoleLimits.DEFAULT, 2));
        HttpClient client = HttpClient.newHttpClient()) {
      String cookie = cookie(house);
      String live = "/api/v1/sessions/" + house.samples().getFirst().id() + "/channels/0/live";
      List<InputStream> open = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        var answer =
            client.send(request(house, live, cookie), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body().read()).isEqualTo('d');
        open.add(answer.body());
      }
      for (String path : List.of(live, "/api/v1/ledger/export")) {
        var past = client.send(request(house, path, cookie), HttpResponse.BodyHandlers.ofString());
        assertThat(past.statusCode()).as(path).isEqualTo(503);
        assertThat(past.headers().firstValue("Retry-After")).contains("10");
        assertThat(past.body()).contains("too-busy");
      }
      assertThat(
              client
                  .send(request(house, "/sessions", cookie), HttpResponse.BodyHandlers.ofString())
                  .statusCode())
          .as("pages go on")
          .isEqualTo(200);
      for (InputStream one : open) {
        one.close();
      }
      awaitStatus(client, request(house, "/api/v1/ledger/export", cookie), 200);
    }
  }

  private static ConsoleLimits with(ConsoleLimits limits, int streams) {
    return new ConsoleLimits(
        limits.headerBytes(),
        limits.applyBytes(),
        limits.connections(),
        streams,
        limits.idleTimeout(),
        limits.stopTimeout(),
        limits.sessionLifetime(),
        Duration.ofMillis(200),
        1 << 20,
        Duration.ofSeconds(30),
        limits.connecting(),
        limits.people(),
        limits.terminals());
  }

  /// A hang-up is noticed at the next heartbeat.
  private static void awaitStatus(HttpClient client, HttpRequest request, int status)
      throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    int seen;
    do {
      seen = client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
      Thread.sleep(50);
    } while (seen != status && System.nanoTime() < deadline);
    assertThat(seen).isEqualTo(status);
  }

  private static Socket connect(ConsoleHouse house) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), house.uri("/").getPort());
    socket
        .getOutputStream()
        .write(
            "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  @Test
  void oneConnectionPastTheLimitIsToldToComeBackAndMayOnceAnotherHasEnded() throws Exception {
    ConsoleLimits limits =
        new ConsoleLimits(
            16_384,
            4_096,
            3,
            2,
            Duration.ofSeconds(60),
            Duration.ofSeconds(5),
            Duration.ofHours(12),
            Duration.ofSeconds(10),
            1 << 20,
            Duration.ofSeconds(30),
            Duration.ofSeconds(20),
            DoorLimits.PEOPLE,
            BrowserTerminalLimits.DEFAULT);
    try (ConsoleHouse house = ConsoleHouse.start(limits)) {
      List<Socket> open = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Socket socket = connect(house);
        assertThat(socket.getInputStream().read()).isEqualTo('H');
        open.add(socket);
      }
      for (int i = 0; i < 2; i++) {
        try (Socket past = connect(house)) {
          past.setSoTimeout(60_000);
          String told = new String(past.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
          assertThat(told).startsWith("HTTP/1.1 503 ").contains("\r\nRetry-After: 5\r\n");
        }
      }
      open.removeFirst().close();
      long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      String answer = "";
      while (!answer.startsWith("HTTP/1.1 200 ") && System.nanoTime() < deadline) {
        try (Socket again = connect(house)) {
          again.setSoTimeout(60_000);
          answer = new String(again.getInputStream().readNBytes(13), StandardCharsets.UTF_8);
        }
      }
      assertThat(answer).startsWith("HTTP/1.1 200 ");
      for (Socket socket : open) {
        socket.close();
      }
    }
  }

  @Test
  void aConnectionThatSaysNothingIsClosed() throws Exception {
    try (ConsoleHouse house = ConsoleHouse.start(IMPATIENT);
        Socket silent = new Socket(InetAddress.getLoopbackAddress(), house.uri("/").getPort())) {
      silent.setSoTimeout(60_000);
      assertThat(silent.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void aBodyThatDoesNotComeIsAnsweredInTime() throws Exception {
    try (ConsoleHouse house = ConsoleHouse.start(IMPATIENT);
        Socket slow = new Socket(InetAddress.getLoopbackAddress(), house.uri("/").getPort())) {
      slow.setSoTimeout(60_000);
      slow.getOutputStream()
          .write(
              """
              POST /api/v1/login HTTP/1.1\r
              Host: localhost\r
              Content-Type: application/json\r
              Content-Length: 100\r
              \r
              {"name":\
              """
                  .getBytes(StandardCharsets.US_ASCII));
      String answer = new String(slow.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
      assertThat(answer).isEqualTo("HTTP/1.1 408");
    }
  }

  @Test
  void whoComesPastTheLimitOfConnectionsWithALargeBodyIsToldToo() throws Exception {
    byte[] megabyte = new byte[1 << 20];
    try (ConsoleHouse house = ConsoleHouse.start(FEW)) {
      List<Socket> open = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        Socket socket = connect(house);
        assertThat(socket.getInputStream().read()).isEqualTo('H');
        open.add(socket);
      }
      try (Socket past = new Socket(InetAddress.getLoopbackAddress(), house.uri("/").getPort())) {
        past.setSoTimeout(60_000);
        String head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + megabyte.length;
        past.getOutputStream().write((head + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        past.getOutputStream().write(megabyte);
        String told = new String(past.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(told).startsWith("HTTP/1.1 503 ");
      }
      for (Socket socket : open) {
        socket.close();
      }
    }
  }

  /// What a server answers to a request with that many bytes of header, without its body.
  private static String answerTo(ConsoleHouse house, int headerBytes) throws IOException {
    String start = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Filler: ";
    String end = "\r\n\r\n";
    String filler = "a".repeat(headerBytes - start.length() - end.length());
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), house.uri("/").getPort())) {
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write((start + filler + end).getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return answer.lines().findFirst().orElse("");
    }
  }

  @Test
  void aHeaderUpToTheLimitIsReadAndALongerOneRefused() throws Exception {
    try (ConsoleHouse house = ConsoleHouse.start(FEW)) {
      assertThat(answerTo(house, 2_048)).contains(" 200 ");
      assertThat(answerTo(house, 2_100)).contains(" 431 ");
    }
  }

  @Test
  void anAccessDocumentUpToTheLimitIsReadAndALongerOneRefused() throws Exception {
    try (ConsoleHouse house = ConsoleHouse.start(FEW);
        Browser admin = Browser.of(house, "admin")) {
      for (int bytes : new int[] {4_096, 4_097}) {
        String body = "{\"document\": {\"users\": []}, \"dryRun\": true}";
        var answer =
            admin.send(
                HttpRequest.newBuilder(house.uri("/api/v1/apply"))
                    .header("Content-Type", "application/json")
                    .header("X-CSRF-Token", admin.csrf())
                    .POST(
                        HttpRequest.BodyPublishers.ofString(
                            body + " ".repeat(bytes - body.length()))));
        assertThat(answer.statusCode()).isEqualTo(bytes == 4_096 ? 200 : 413);
      }
    }
  }

  @Test
  void aLoginLastsAsLongAsTheLimitSays() throws Exception {
    try (ConsoleHouse house = ConsoleHouse.start()) {
      String cookie = cookie(house);
      try (HttpClient client = HttpClient.newHttpClient()) {
        house.advance(Duration.ofHours(12).minusSeconds(1));
        assertThat(status(client, house, cookie)).isEqualTo(200);
        house.advance(Duration.ofSeconds(1));
        assertThat(status(client, house, cookie)).isEqualTo(303);
      }
    }
  }

  private static int status(HttpClient client, ConsoleHouse house, String cookie) throws Exception {
    return client
        .send(request(house, "/profile", cookie), HttpResponse.BodyHandlers.ofString())
        .statusCode();
  }

  @Test
  void aStopDoesNotWaitForLiveViews() throws Exception {
    ConsoleHouse house = ConsoleHouse.start();
    try (HttpClient client = HttpClient.newHttpClient()) {
      String live = "/api/v1/sessions/" + house.samples().getFirst().id() + "/channels/0/live";
      var answer =
          client.send(
              request(house, live, cookie(house)), HttpResponse.BodyHandlers.ofInputStream());
      assertThat(answer.body().read()).isEqualTo('d');
      house.close();
      assertThat(answer.body().readAllBytes()).isNotEmpty(); // the stream ends, and cleanly
    }
  }
}
