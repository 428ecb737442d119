package org.ongsung.fastcgi.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ongsung.fastcgi.front.FrontServerBattery.pattern;
import static org.ongsung.fastcgi.front.FrontServerBattery.sha256;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.Program;
import org.ongsung.testkit.RunningProgram;

/// The connector against `cgi-fcgi`, the client of the FastCGI development kit: it sends its
/// environment as parameters, asks for no kept connection, and pads. It gets what the web servers
/// get, but for what a CGI program cannot say: chunks, `Expect`, a kept connection.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CgiFcgiTest {
  private static final int LARGE = 50 << 20;
  private static final int MANY_RECORDS = 200_000;

  private Application application;

  @BeforeAll
  void start() {
    application = new Application();
  }

  @AfterAll
  void stop() {
    application.close();
  }

  Stream<String> addresses() {
    return Stream.of(application.socket().toString(), "127.0.0.1:" + application.tcp().getPort());
  }

  @ParameterizedTest
  @MethodSource("addresses")
  void showsARequest(String address) {
    CompletedProgram run = run(address, Map.of("REQUEST_URI", "/show?%ED%95%9C"), new byte[0]);
    assertThat(run.stdout())
        .startsWith("Status: 200 OK\r\n")
        .contains("\r\n\r\nmethod: GET\n")
        .contains("query: %ED%95%9C\n")
        .contains("client: unknown\n");
  }

  @Test
  void theCommandOfThePageShowsARequest() {
    String command =
        Fronts.documented("sh")
            .replace("/run/app/fcgi.sock", application.socket().toString())
            .replace("/health", "/show");
    assertThat(Program.of("bash", "-c", command).run().expectSuccess().stdout())
        .startsWith("Status: 200 OK\r\n");
  }

  @ParameterizedTest
  @MethodSource("addresses")
  void takesThePathOfScriptNameAndPathInfo(String address) {
    CompletedProgram run =
        run(
            address,
            Map.of("SCRIPT_NAME", "/app", "PATH_INFO", "/가 나/show", "QUERY_STRING", "a=1"),
            new byte[0]);
    assertThat(run.stdout()).contains("uri: http://localhost/app/%EA%B0%80%20%EB%82%98/show?a=1\n");
  }

  @ParameterizedTest
  @MethodSource("addresses")
  void sendsBodies(String address) {
    byte[] body = new byte[1 << 20];
    CompletedProgram up =
        run(
            address,
            Map.of(
                "REQUEST_METHOD", "POST",
                "REQUEST_URI", "/digest",
                "CONTENT_LENGTH", Integer.toString(body.length)),
            body);
    assertThat(up.stdout()).contains("\r\n\r\n" + body.length + " " + body.length + " ");
  }

  @ParameterizedTest
  @MethodSource("addresses")
  void headAndNoContentHaveNoBody(String address) {
    assertThat(
            run(
                    address,
                    Map.of("REQUEST_METHOD", "HEAD", "REQUEST_URI", "/bytes?n=9&length=1"),
                    new byte[0])
                .stdout())
        .contains("Content-Length: 9\r\n")
        .endsWith("\r\n\r\n");
    assertThat(run(address, Map.of("REQUEST_URI", "/status?code=204"), new byte[0]).stdout())
        .startsWith("Status: 204 No Content\r\n")
        .endsWith("\r\n\r\n");
  }

  @ParameterizedTest
  @MethodSource("addresses")
  void fiftyMegabytesGoUp(String address) throws Exception {
    byte[] large = pattern(LARGE);
    assertThat(post(address, "/digest", large))
        .endsWith("\r\n\r\n" + LARGE + " " + LARGE + " " + sha256(large));
  }

  /// Not more: in a long response cgi-fcgi 2.4.2 now and then takes data for the header of a
  /// record, and ends with what it finds there. What is long comes down to the web servers.
  @ParameterizedTest
  @MethodSource("addresses")
  void manyRecordsComeDown(String address) throws Exception {
    byte[] down =
        run(address, Map.of("REQUEST_URI", "/bytes?n=" + MANY_RECORDS), new byte[0])
            .expectSuccess()
            .stdoutBytes();
    assertThat(sha256(Arrays.copyOfRange(down, down.length - MANY_RECORDS, down.length)))
        .isEqualTo(sha256(pattern(MANY_RECORDS)));
    assertThat(new String(down, 0, down.length - MANY_RECORDS, StandardCharsets.UTF_8))
        .startsWith("Status: 200 OK\r\n")
        .endsWith("\r\n\r\n");
  }

  @ParameterizedTest
  @MethodSource("addresses")
  void bodiesOfNoneAndOneByte(String address) throws Exception {
    assertThat(post(address, "/digest", new byte[0]))
        .endsWith("\r\n\r\n0 0 " + sha256(new byte[0]));
    assertThat(post(address, "/digest", new byte[] {7}))
        .endsWith("\r\n\r\n1 1 " + sha256(new byte[] {7}));
    assertThat(get(address, "/bytes?n=0")).endsWith("\r\n\r\n");
    assertThat(get(address, "/bytes?n=1")).endsWith("\r\n\r\n\0");
  }

  @ParameterizedTest
  @MethodSource("addresses")
  void koreanAndEncodedPathsArriveUnchanged(String address) {
    assertThat(get(address, "/app/%ED%95%9C%EA%B8%80%20%ED%8C%8C%EC%9D%BC/show?q=a%2Fb%25"))
        .contains("/app/%ED%95%9C%EA%B8%80%20%ED%8C%8C%EC%9D%BC/show?q=a%2Fb%25\n")
        .contains("decoded: /app/한글 파일/show\n")
        .contains("query: q=a%2Fb%25\n");
  }

  @ParameterizedTest
  @MethodSource("addresses")
  void aBadEscapeIsABadRequest(String address) {
    for (String path : List.of("/app/%zz", "/app/%00", "/app/%c0%af/show")) {
      assertThat(get(address, path)).as(path).startsWith("Status: 4");
    }
  }

  @ParameterizedTest
  @MethodSource("addresses")
  void statusesPassAsTheyAre(String address) {
    for (int code : new int[] {201, 304, 400, 403, 404, 409, 418, 429, 500, 503}) {
      assertThat(get(address, "/status?code=" + code))
          .startsWith("Status: " + code + " ")
          .endsWith("\r\n\r\n");
    }
    assertThat(get(address, "/fail")).startsWith("Status: 500 ");
  }

  @ParameterizedTest
  @MethodSource("addresses")
  void aRedirectIsTheBrowsersToFollow(String address) {
    assertThat(get(address, "/redirect"))
        .startsWith("Status: 302 ")
        .containsPattern("\r\nLocation: [^\r]*/%EB%82%98\\?x=1\r\n");
  }

  @ParameterizedTest
  @MethodSource("addresses")
  void everyCookieComesAndGoes(String address) {
    assertThat(
            run(address, Map.of("REQUEST_URI", "/cookies", "HTTP_COOKIE", "c=3; d=4"), new byte[0])
                .stdout())
        .contains("\r\nSet-Cookie: a=1\r\n")
        .contains("\r\nSet-Cookie: b=2\r\n")
        .endsWith("\r\n\r\nc=3; d=4");
  }

  @ParameterizedTest
  @MethodSource("addresses")
  void twelveKilobytesOfHeadersInAndOut(String address) {
    Map<String, String> parameters = new HashMap<>(Map.of("REQUEST_URI", "/headers"));
    for (int i = 0; i < 3; i++) {
      parameters.put("HTTP_X_MANY_" + i, Integer.toString(i).repeat(4_000));
    }
    String response = run(address, parameters, new byte[0]).stdout();
    for (int i = 0; i < 3; i++) {
      assertThat(response).contains("x-many-" + i + "=" + Integer.toString(i).repeat(4_000) + "\n");
    }
    for (int i = 0; i < 12; i++) {
      String value = Integer.toString(i).repeat(1_000).substring(0, 1_000);
      assertThat(response).contains("\r\nX-Many-" + i + ": " + value + "\r\n");
    }
  }

  @ParameterizedTest
  @MethodSource("addresses")
  void aLineBreakInAValueMakesNoHeader(String address) {
    String response = get(address, "/split");
    assertThat(response.lines()).noneMatch(line -> line.startsWith("X-Injected"));
    assertThat(response).contains("\r\nX-Split: a  X-Injected: 1 X-Too: 2 b\r\n");
  }

  @ParameterizedTest
  @MethodSource("addresses")
  void anUnreadBodyDisturbsNeitherItsResponseNorTheNextRequest(String address) {
    for (int round = 0; round < 3; round++) {
      assertThat(post(address, "/unread", pattern(2_000_000))).endsWith("\r\n\r\nnot read");
      assertThat(get(address, "/show")).contains("method: GET\n");
    }
  }

  @ParameterizedTest
  @MethodSource("addresses")
  void eventsArriveWhenTheyAreSent(String address) {
    String id = "sse" + address;
    CountDownLatch go = application.hungUp.computeIfAbsent(id, _ -> new CountDownLatch(1));
    try (RunningProgram events = program(address, "/sse?id=" + id).start()) {
      events.awaitOutput("data: 하나\n\n", Deadlines.SERVICE);
      assertThat(events.stdout()).doesNotContain("둘");
      go.countDown();
      assertThat(events.await(Deadlines.SERVICE).expectSuccess().stdout())
          .endsWith("data: 하나\n\ndata: 둘\n\n");
    }
  }

  @ParameterizedTest
  @MethodSource("addresses")
  void oneThatLeavesIsNoticedWhileTheHandlerWaits(String address) throws Exception {
    String id = "idle" + address;
    CountDownLatch left = application.hungUp.computeIfAbsent(id, _ -> new CountDownLatch(1));
    try (RunningProgram _ = program(address, "/hang?first=1&id=" + id).start()) {
      Deadlines.await("the handler waits", () -> application.begun.contains(id));
    }
    assertThat(left.await(Deadlines.SERVICE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("addresses")
  void aCutResponseIsNotTakenForAWholeOne(String address) {
    CompletedProgram cut = run(address, Map.of("REQUEST_URI", "/cut"), new byte[0]);
    assertThat(cut.exit()).isNotZero();
    assertThat(get(address, "/show")).startsWith("Status: 200 ");
  }

  private static String get(String address, String uri) {
    return run(address, Map.of("REQUEST_URI", uri), new byte[0]).stdout();
  }

  private static String post(String address, String uri, byte[] body) {
    return run(
            address,
            Map.of(
                "REQUEST_METHOD",
                "POST",
                "REQUEST_URI",
                uri,
                "CONTENT_LENGTH",
                Integer.toString(body.length)),
            body)
        .stdout();
  }

  private static Program program(String address, String uri) {
    return Program.of("cgi-fcgi", "-bind", "-connect", address)
        .environment("REQUEST_METHOD", "GET")
        .environment("REQUEST_URI", uri);
  }

  private static CompletedProgram run(String address, Map<String, String> parameters, byte[] body) {
    Program program =
        Program.of("cgi-fcgi", "-bind", "-connect", address)
            .environment("REQUEST_METHOD", "GET")
            .input(body);
    for (Map.Entry<String, String> each : parameters.entrySet()) {
      program = program.environment(each.getKey(), each.getValue());
    }
    return program.run();
  }
}
