package org.ongsung.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ongsung.console.api.PassageApi;
import org.ongsung.console.house.ConsoleHouse;
import org.ongsung.console.house.Samples;
import org.ongsung.console.http.Json;
import org.ongsung.gateway.via.Passages;

/// What workers say of the sessions they carry, at the bounds and past them.
class PassageApiTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final String BYTES = "/worker/passages/00ff/bytes?process=p&from=";
  private static ConsoleHouse house;
  private static String admin;
  private static String worker;

  @BeforeAll
  static void start() throws Exception {
    house = ConsoleHouse.start();
    String body = "{\"name\": \"admin\", \"password\": \"" + Samples.PASSWORD + "\"}";
    admin = text(send("POST", "/login", "", "application/json", body.getBytes(UTF_8)), "token");
    worker =
        text(
            send(
                "POST",
                "/workers",
                admin,
                "application/json",
                "{\"name\": \"far\"}".getBytes(UTF_8)),
            "token");
  }

  private static final java.nio.charset.Charset UTF_8 = java.nio.charset.StandardCharsets.UTF_8;

  @AfterAll
  static void stop() {
    house.close();
  }

  private static String text(HttpResponse<String> answer, String field) {
    return String.valueOf(((Map<?, ?>) Json.parse(answer.body())).get(field));
  }

  private static HttpResponse<String> send(
      String method, String path, String token, String type, byte[] body) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(house.uri("/api/v1" + path))
            .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
            .header("Content-Type", type);
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<String> dials(String process, int held) throws Exception {
    List<String> ids = IntStream.range(0, held).mapToObj(Integer::toHexString).toList();
    byte[] body = Json.write(Map.of("process", process, "held", ids));
    return send("POST", "/worker/dials?wait=0", worker, "application/json", body);
  }

  @Test
  void aWorkerIsToldWhichOfItsConnectionsAreGone() throws Exception {
    HttpResponse<String> answer = dials("p", 2);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"dials\":[]").contains("\"0\"").contains("\"1\"");
    assertThat(send("GET", "/workers", admin, "application/json", new byte[0]).body())
        .contains("\"carried\":0");
  }

  @Test
  void whatAWorkerSaysIsBounded() throws Exception {
    assertThat(dials("p".repeat(64), Passages.MAX_HELD).statusCode()).isEqualTo(200);
    assertThat(dials("p", Passages.MAX_HELD + 1).statusCode()).isEqualTo(400);
    assertThat(dials("p".repeat(65), 0).statusCode()).isEqualTo(400);
    assertThat(dials("", 0).statusCode()).isEqualTo(400);
    for (String wrong : List.of("-1", "x", "", "99999999999999999999")) {
      assertThat(put(wrong, new byte[1]).statusCode()).as(wrong).isEqualTo(400);
    }
    assertThat(put("0", new byte[PassageApi.PIECE_BYTES]).statusCode()).isEqualTo(410);
    assertThat(put("0", new byte[PassageApi.PIECE_BYTES + 1]).statusCode()).isEqualTo(413);
    assertThat(send("POST", BYTES + "0", worker, "text/plain", new byte[1]).statusCode())
        .isEqualTo(415);
    assertThat(put("0&end=soon", new byte[1]).statusCode()).isEqualTo(400);
  }

  private static HttpResponse<String> put(String from, byte[] bytes) throws Exception {
    return send("POST", BYTES + from, worker, "application/octet-stream", bytes);
  }

  @Test
  void aConnectionThatIsNotThereIsGone() throws Exception {
    byte[] refused = "{\"process\": \"p\", \"reason\": \"timeout\"}".getBytes(UTF_8);
    String one = "/worker/passages/00ff";
    for (String path : List.of(one + "/opened", one + "/refused")) {
      assertThat(send("POST", path, worker, "application/json", refused).statusCode())
          .isEqualTo(410);
    }
    assertThat(send("GET", BYTES + "0&wait=0", worker, "text/plain", new byte[0]).statusCode())
        .isEqualTo(410);
    byte[] odd = "{\"process\": \"p\", \"reason\": \"whim\"}".getBytes(UTF_8);
    assertThat(send("POST", one + "/refused", worker, "application/json", odd).statusCode())
        .isEqualTo(400);
  }

  @Test
  void peopleHaveNoBusinessThere() throws Exception {
    byte[] body = "{\"process\": \"p\", \"held\": []}".getBytes(UTF_8);
    assertThat(send("POST", "/worker/dials", admin, "application/json", body).statusCode())
        .isEqualTo(403);
    assertThat(send("GET", BYTES + "0", admin, "application/json", new byte[0]).statusCode())
        .isEqualTo(403);
    assertThat(send("GET", BYTES + "0", "", "application/json", new byte[0]).statusCode())
        .isEqualTo(401);
  }
}
