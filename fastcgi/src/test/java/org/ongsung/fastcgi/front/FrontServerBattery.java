package org.ongsung.fastcgi.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.FrontServer;

/// What must come through every web server that stands in front, by TCP and by Unix-domain socket.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FrontServerBattery {
  private static final int LARGE = 50 << 20;

  Application application;
  FrontServer front;
  HttpClient browser;

  /// The web server in front of the application, not started yet.
  abstract FrontServer front(Application behind);

  @BeforeAll
  void start() {
    application = new Application();
    front = front(application).start();
    browser =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  @AfterAll
  void stop() {
    browser.close();
    if (front != null) {
      System.out.println(front.log());
      front.close();
    }
    application.close();
  }

  @Test
  void theRequestArrivesAsTheBrowserSentIt() throws Exception {
    String seen = get("/app/show?x=1&y=%26").body();
    assertThat(seen)
        .contains("method: GET\n")
        .contains("uri: " + front.url() + "/app/show?x=1&y=%26\n")
        .contains("client: 127.0.0.1\n")
        .contains("secure: false\n")
        .contains("server: 127.0.0.1 " + front.port() + "\n")
        .contains("virtual: true\n")
        .contains("header user-agent: Java-http-client")
        .contains("parameter REMOTE_ADDR: 127.0.0.1\n");
  }

  @Test
  void koreanAndEncodedPathsArriveUnchanged() throws Exception {
    assertThat(get("/app/%ED%95%9C%EA%B8%80%20%ED%8C%8C%EC%9D%BC/show").body())
        .contains("uri: " + front.url() + "/app/%ED%95%9C%EA%B8%80%20%ED%8C%8C%EC%9D%BC/show\n")
        .contains("decoded: /app/한글 파일/show\n");
    assertThat(get("/app/show?q=%ED%95%9C&r=a%2Fb%25").body())
        .contains("query: q=%ED%95%9C&r=a%2Fb%25\n");
  }

  @Test
  void bodiesOfNoneAndOneByte() throws Exception {
    assertThat(post("/app/digest", BodyPublishers.ofByteArray(new byte[0])).body())
        .endsWith(" 0 " + sha256(new byte[0]));
    assertThat(post("/app/digest", BodyPublishers.ofByteArray(new byte[] {7})).body())
        .isEqualTo("1 1 " + sha256(new byte[] {7}));
    assertThat(get("/app/bytes?n=0").body()).isEmpty();
    assertThat(get("/app/bytes?n=1").body()).isEqualTo("\0");
  }

  @Test
  void fiftyMegabytesGoUpAndComeDown() throws Exception {
    byte[] large = pattern(LARGE);
    assertThat(post("/app/digest", BodyPublishers.ofByteArray(large)).body())
        .isEqualTo(LARGE + " " + LARGE + " " + sha256(large));
    HttpResponse<byte[]> down =
        browser.send(request("/app/bytes?n=" + LARGE).build(), BodyHandlers.ofByteArray());
    assertThat(down.statusCode()).isEqualTo(200);
    assertThat(sha256(down.body())).isEqualTo(sha256(large));
  }

  @Test
  void aChunkedBodyArrivesWhole() throws Exception {
    byte[] body = pattern(300_000);
    BodyPublisher chunked = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
    assertThat(post("/app/digest", chunked).body()).endsWith(" 300000 " + sha256(body));
  }

  @Test
  void aClientThatExpectsAContinueGetsOne() throws Exception {
    try (Socket socket = connect()) {
      send(
          socket,
          """
          POST /app/digest HTTP/1.1\r
          Host: x\r
          Content-Length: 5\r
          Expect: 100-continue\r
          Connection: close\r
          \r
          """);
      String interim = readUntil(socket.getInputStream(), "\r\n\r\n");
      assertThat(interim).startsWith("HTTP/1.1 100");
      send(socket, "hello");
      assertThat(readAll(socket))
          .contains("5 5 " + sha256("hello".getBytes(StandardCharsets.UTF_8)));
    }
  }

  @Test
  void headHasHeadersAndNoBody() throws Exception {
    HttpResponse<String> response =
        browser.send(
            request("/app/bytes?n=1000&length=1").method("HEAD", BodyPublishers.noBody()).build(),
            BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
    assertThat(response.headers().firstValue("content-type")).contains("application/octet-stream");
    assertThat(get("/app/show").statusCode()).isEqualTo(200);
  }

  @Test
  void statusesPassAsTheyAre() throws Exception {
    for (int code : new int[] {201, 204, 304, 400, 403, 404, 409, 418, 429, 500, 503}) {
      HttpResponse<String> response = get("/app/status?code=" + code);
      assertThat(response.statusCode()).isEqualTo(code);
      assertThat(response.body()).isEmpty();
    }
    assertThat(get("/app/fail").statusCode()).isEqualTo(500);
  }

  @Test
  void aRedirectIsTheBrowsersToFollow() throws Exception {
    HttpResponse<String> response = get("/app/redirect");
    assertThat(response.statusCode()).isEqualTo(302);
    assertThat(response.headers().firstValue("location").orElseThrow())
        .endsWith("/%EB%82%98?x=1")
        .doesNotContain("fcgi");
  }

  @Test
  void everyCookieComesAndGoes() throws Exception {
    HttpResponse<String> response =
        browser.send(
            request("/app/cookies").header("Cookie", "c=3; d=4").build(), BodyHandlers.ofString());
    assertThat(response.headers().allValues("set-cookie")).containsExactly("a=1", "b=2");
    assertThat(response.body()).isEqualTo("c=3; d=4");
  }

  @Test
  void twelveKilobytesOfHeadersInAndOut() throws Exception {
    HttpRequest.Builder request = request("/app/headers");
    for (int i = 0; i < 3; i++) {
      request.header("X-Many-" + i, Integer.toString(i).repeat(4_000));
    }
    HttpResponse<String> response = browser.send(request.build(), BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(200);
    for (int i = 0; i < 3; i++) {
      assertThat(response.body()).contains("x-many-" + i + "=" + Integer.toString(i).repeat(4_000));
    }
    for (int i = 0; i < 12; i++) {
      assertThat(response.headers().firstValue("x-many-" + i).orElseThrow()).hasSize(1_000);
    }
  }

  @Test
  void aLineBreakInAValueMakesNoHeader() throws Exception {
    HttpResponse<String> response = get("/app/split");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().map()).doesNotContainKeys("x-injected", "x-too");
    assertThat(response.headers().firstValue("x-split").orElseThrow())
        .isEqualTo("a  X-Injected: 1 X-Too: 2 b");
  }

  @Test
  void eventsArriveWhenTheyAreSent() throws Exception {
    String id = "sse";
    CountDownLatch go = application.hungUp.computeIfAbsent(id, _ -> new CountDownLatch(1));
    HttpResponse<InputStream> response =
        browser.send(request("/app/sse?id=" + id).build(), BodyHandlers.ofInputStream());
    try (InputStream events = response.body()) {
      assertThat(
              new String(
                  events.readNBytes("data: 하나\n\n".getBytes(StandardCharsets.UTF_8).length),
                  StandardCharsets.UTF_8))
          .isEqualTo("data: 하나\n\n");
      go.countDown();
      assertThat(new String(events.readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo("data: 둘\n\n");
    }
  }

  @Test
  void anUnreadBodyDisturbsNeitherItsResponseNorTheNextRequest() throws Exception {
    for (int round = 0; round < 3; round++) {
      HttpResponse<String> response =
          post("/app/unread", BodyPublishers.ofByteArray(pattern(2_000_000)));
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).isEqualTo("not read");
      assertThat(get("/app/show").body()).contains("method: GET");
    }
  }

  @Test
  void aBrowserThatLeavesIsNoticedWhileTheHandlerWaits() throws Exception {
    assumeThat(noticesLeavingWhileIdle()).isTrue();
    assertThat(leaveAfter("/app/hang?first=1&id=idle", "idle").await(30, TimeUnit.SECONDS))
        .as("the handler learns it")
        .isTrue();
  }

  @Test
  void aBrowserThatLeavesIsNoticedWhenMoreIsWritten() throws Exception {
    assertThat(leaveAfter("/app/hang?beat=1&id=beat", "beat").await(30, TimeUnit.SECONDS))
        .as("the handler learns it")
        .isTrue();
  }

  private CountDownLatch leaveAfter(String path, String id) throws IOException {
    CountDownLatch latch = application.hungUp.computeIfAbsent(id, _ -> new CountDownLatch(1));
    try (Socket socket = connect()) {
      send(socket, "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
      Deadlines.await("the handler waits", () -> application.begun.contains(id));
    }
    return latch;
  }

  /// Whether the server looks whether its browser is there while it waits for the application.
  boolean noticesLeavingWhileIdle() {
    return true;
  }

  @Test
  void aCutResponseIsNotTakenForAWholeOne() throws Exception {
    assertNotTakenForWhole("/app/cut?length=1");
    if (tellsCutFromEnd()) {
      assertNotTakenForWhole("/app/cut");
    }
    assertThat(get("/app/show").statusCode()).isEqualTo(200);
  }

  /// The answer breaks off, or is an error where the front server had sent nothing of it yet.
  private void assertNotTakenForWhole(String path) throws InterruptedException {
    try {
      HttpResponse<String> answer = get(path);
      assertThat(answer.statusCode()).as(answer.body()).isGreaterThanOrEqualTo(500);
    } catch (IOException cutOff) {
      assertThat(cutOff).isNotNull();
    }
  }

  /// Whether it passes on that a response of no declared length was cut.
  boolean tellsCutFromEnd() {
    return true;
  }

  @Test
  void hundredsOfRequestsPassOneAfterTheOtherAndAtOnce() throws Exception {
    Set<String> connections = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      String seen = get("/app/show?i=" + i).body();
      assertThat(seen).contains("query: i=" + i + "\n");
      connections.add(
          seen.lines().filter(line -> line.startsWith("connection: ")).findFirst().orElseThrow());
    }
    if (keepsConnections()) {
      assertThat(connections).as("kept from one request to the next").hasSizeLessThan(20);
    }
    var all =
        java.util.stream.IntStream.range(0, 200)
            .mapToObj(
                i ->
                    browser.sendAsync(request("/app/show?j=" + i).build(), BodyHandlers.ofString()))
            .toList();
    for (int i = 0; i < all.size(); i++) {
      assertThat(all.get(i).get().body()).contains("query: j=" + i + "\n");
    }
  }

  /// Whether its connections to the application take one request after the other.
  boolean keepsConnections() {
    return true;
  }

  @Test
  void aBadEscapeIsABadRequest() throws Exception {
    for (String path : new String[] {"/app/%zz", "/app/%00", "/app/%c0%af/show"}) {
      try (Socket socket = connect()) {
        send(socket, "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertThat(readAll(socket)).as(path).startsWith("HTTP/1.1 4");
      }
    }
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(front.url() + path)).timeout(Deadlines.SERVICE);
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return browser.send(request(path).build(), BodyHandlers.ofString());
  }

  HttpResponse<String> post(String path, BodyPublisher body)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        browser.send(request(path).POST(body).build(), BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response;
  }

  Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), front.port());
    socket.setSoTimeout((int) Duration.ofSeconds(60).toMillis());
    return socket;
  }

  static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  static String readUntil(InputStream in, String end) throws IOException {
    StringBuilder text = new StringBuilder();
    while (!text.toString().endsWith(end)) {
      int c = in.read();
      assertThat(c).as("ended after " + text).isNotNegative();
      text.append((char) c);
    }
    return text.toString();
  }

  static String readAll(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  static byte[] pattern(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }

  static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
