package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.Folders;
import org.ongsung.testkit.OpenSshServer;
import tools.jackson.databind.JsonNode;

/// The files of an OpenSSH target by way of the console's pages, and what of it is in the record.
class FilesTest {
  private static final String PASSWORD = "correct horse battery";
  private static final String HERE = "/files/web-1/worker";

  private static OpenSshServer sshd;
  private static Installation gate;
  private static HttpClient http;

  private Path work;
  private String token;

  @BeforeAll
  static void start() {
    sshd = OpenSshServer.builder().start();
    gate = Installation.start();
    http = HttpClient.newHttpClient();
    gate.apply(
        """
        users:
          - name: alice
            roles: [user]
            password: {plain: "%1$s"}
          - name: bora
            roles: [user]
            password: {plain: "%1$s"}
        targets:
        %2$s
        grants:
          - name: alice-files
            who: {users: [alice]}
            where: {targets: [web-1]}
            as: [worker]
            may: [sftp]
          - name: bora-shell
            who: {users: [bora]}
            where: {targets: [web-1]}
            as: [worker]
            may: [shell]
        """
            .formatted(PASSWORD, Installation.target("web-1", sshd).stripTrailing()));
  }

  @AfterAll
  static void stop() {
    http.close();
    gate.close();
    sshd.close();
  }

  @BeforeEach
  void logIn() {
    work = Folders.temporary("ongsung-files");
    token = gate.tokenOf("alice", PASSWORD);
  }

  @AfterEach
  void clean() throws Exception {
    Folders.delete(work);
    assertThat(post("/logout", "").statusCode()).isIn(303, 401); // one test is logged out already
  }

  private static String path(Path path) {
    return "?path=" + URLEncoder.encode(path.toString(), StandardCharsets.UTF_8);
  }

  private <T> HttpResponse<T> send(
      String method,
      String path,
      String type,
      BodyPublisher body,
      HttpResponse.BodyHandler<T> handler)
      throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gate.httpPort() + path))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", type)
            .header("Accept-Language", "en")
            .method(method, body)
            .timeout(Deadlines.ACTION)
            .build(),
        handler);
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send("GET", path, "text/plain", BodyPublishers.noBody(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String form) throws Exception {
    return send(
        "POST",
        path,
        "application/x-www-form-urlencoded",
        BodyPublishers.ofString(form),
        BodyHandlers.ofString());
  }

  private int upload(Path folder, String name, boolean replace, byte[] content) throws Exception {
    String head =
        (replace ? "--b\r\nContent-Disposition: form-data; name=\"replace\"\r\n\r\nyes\r\n" : "")
            + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\""
            + name
            + "\"\r\n\r\n";
    BodyPublisher body =
        BodyPublishers.ofByteArrays(
            List.of(
                head.getBytes(StandardCharsets.UTF_8),
                content,
                "\r\n--b--\r\n".getBytes(StandardCharsets.UTF_8)));
    return send(
            "POST",
            HERE + "/upload" + path(folder),
            "multipart/form-data; boundary=b",
            body,
            BodyHandlers.ofString())
        .statusCode();
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  @Test
  void whatIsDoneWithFilesIsDoneAndIsInTheRecordOfOneSession() throws Exception {
    byte[] content = random(3_000_017);
    assertThat(upload(work, "보고서.bin", false, content)).isEqualTo(303);
    assertThat(work.resolve("보고서.bin")).hasBinaryContent(content);
    HttpResponse<String> page = get(HERE + path(work));
    assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
    assertThat(page.body()).contains("보고서.bin", "-rw-");
    HttpResponse<byte[]> back =
        send(
            "GET",
            HERE + "/content" + path(work.resolve("보고서.bin")),
            "text/plain",
            BodyPublishers.noBody(),
            BodyHandlers.ofByteArray());
    assertThat(back.body()).isEqualTo(content);
    assertThat(back.headers().firstValue("Content-Disposition").orElse(""))
        .startsWith("attachment;")
        .contains("%EB%B3%B4%EA%B3%A0%EC%84%9C.bin");
    assertThat(back.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    String old = "path=" + URLEncoder.encode(work + "/보고서.bin", StandardCharsets.UTF_8);
    assertThat(post(HERE + "/rename", old + "&name=two").statusCode()).isEqualTo(303);
    assertThat(work.resolve("two")).exists();
    String folder = "path=" + URLEncoder.encode(work.toString(), StandardCharsets.UTF_8);
    assertThat(post(HERE + "/folder", folder + "&name=sub").statusCode()).isEqualTo(303);
    assertThat(work.resolve("sub")).isDirectory();
    assertThat(post(HERE + "/remove", "kind=file&" + folder + "/two").statusCode()).isEqualTo(303);
    assertThat(post(HERE + "/remove", "kind=folder&" + folder + "/sub").statusCode())
        .isEqualTo(303);
    assertThat(work).isEmptyDirectory();
    // The newest comes first; those of other tests may be ending yet.
    List<JsonNode> sessions = gate.sessions("user=alice&kind=sftp&state=live");
    String id = sessions.getFirst().path("id").asString("");
    Deadlines.await(
        "the operations are in the record",
        () -> {
          String record = gate.api("GET", "/api/v1/sessions/" + id, "").toString();
          return List.of("open", "close", "list", "rename", "mkdir", "remove", "rmdir").stream()
                  .allMatch(kind -> record.contains("\"" + kind + "\""))
              && record.contains("3000017");
        });
    assertThat(post("/logout", "").statusCode()).isEqualTo(303);
    Deadlines.await(
        "the session ends with the login",
        () ->
            gate.sessions("user=alice&kind=sftp&state=ended").stream()
                .anyMatch(one -> one.path("id").asString("").equals(id)));
  }

  @Test
  void whatIsThereIsReplacedOnlyWhereThatWasSaid() throws Exception {
    Files.writeString(work.resolve("a"), "old");
    assertThat(upload(work, "a", false, random(10))).isEqualTo(409);
    assertThat(work.resolve("a")).hasContent("old");
    assertThat(upload(work, "a", true, random(10))).isEqualTo(303);
    assertThat(work.resolve("a")).hasBinaryContent(random(10));
  }

  @Test
  void aBrowserThatHangsUpHalfWayLeavesTheOldFileAndTheRecordSaysSo() throws Exception {
    Files.writeString(work.resolve("a"), "old");
    String field = "--b\r\nContent-Disposition: form-data; name=";
    String head = field + "\"replace\"\r\n\r\nyes\r\n" + field + "\"file\"; filename=\"a\"\r\n\r\n";
    try (Socket browser = new Socket(InetAddress.getLoopbackAddress(), gate.httpPort())) {
      String request =
          "POST "
              + HERE
              + "/upload"
              + path(work)
              + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer "
              + token
              + "\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 9000000"
              + "\r\n\r\n"
              + head;
      browser.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      browser.getOutputStream().write(random(700_000));
      Deadlines.await("the target has some of it", () -> partBytes() > 100_000);
      assertThat(work.resolve("a")).hasContent("old");
    }
    Deadlines.await("nothing of it stays", () -> partBytes() < 0);
    assertThat(work.resolve("a")).hasContent("old");
    assertThat(upload(work, "a", true, random(10))).isEqualTo(303);
    assertThat(work.resolve("a")).hasBinaryContent(random(10));
    String id = gate.sessions("user=alice&kind=sftp&state=live").getFirst().path("id").asString("");
    assertThat(post("/logout", "").statusCode()).isEqualTo(303);
    Deadlines.await(
        "the record is closed, and tells what was given up and what took the old one's place",
        () -> {
          JsonNode session = gate.api("GET", "/api/v1/sessions/" + id, "");
          String told = session.toString();
          return session.path("session").path("state").asString("").equals("ended")
              && told.contains("\"remove\"")
              && told.contains("replacing")
              && told.contains(work + "/.ongsung-")
              && told.contains("\"" + work.resolve("a") + "\"");
        });
  }

  /// How long the hidden file is; -1 where there is none.
  private long partBytes() throws IOException {
    try (Stream<Path> all = Files.list(work)) {
      for (Path one : all.toList()) {
        if (one.getFileName().toString().startsWith(".ongsung-")) {
          return Files.size(one);
        }
      }
      return -1;
    } catch (NoSuchFileException e) {
      return -1; // it went just now
    }
  }

  @Test
  void noNameLeadsElsewhere() throws Exception {
    Path sub = Files.createDirectory(work.resolve("sub"));
    assertThat(upload(sub, "../../up", false, random(1))).isEqualTo(303);
    assertThat(sub.resolve("up")).exists();
    assertThat(upload(sub, "..", false, random(1))).isEqualTo(422);
    assertThat(get(HERE + "/content?path=" + sub + "/../x").statusCode()).isEqualTo(400);
    Files.writeString(work.resolve("<b>\n%41"), "odd");
    String page = get(HERE + path(work)).body();
    assertThat(page).contains("&lt;b").doesNotContain("<b>");
    assertThat(get(HERE + "/content?path=" + work + "/%253Cb%253E%250A%252541").body())
        .isEqualTo("odd");
  }

  @Test
  void whoMayNotHasNoPageAndNoHint() throws Exception {
    token = gate.tokenOf("bora", PASSWORD);
    assertThat(get("/").body()).contains("web-1").doesNotContain("/files/");
    for (String address : List.of("/files/web-1", HERE, HERE + "/content?path=/etc/passwd")) {
      HttpResponse<String> there = get(address);
      HttpResponse<String> nowhere = get(address.replace("web-1", "web-9"));
      assertThat(there.statusCode()).as(address).isEqualTo(404);
      assertThat(nowhere.statusCode()).isEqualTo(404);
    }
  }
}
