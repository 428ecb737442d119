package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.Folders;
import org.ongsung.testkit.FrontServer;
import org.ongsung.testkit.NginxServer;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.Ports;
import org.ongsung.testkit.Program;
import tools.jackson.databind.json.JsonMapper;

/// The console behind a real nginx with the shipped FastCGI configuration, only ports, host and
/// files replaced.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BehindNginxTest {
  private static final Path SHIPPED =
      Path.of(System.getProperty("ongsung.root"), "deploy/nginx/ongsung-fastcgi.conf");
  private static final String HEAD =
      "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"l\"\r\n\r\n";
  private static final String PASSWORD = "correct horse battery";

  private final Path folder = Folders.temporary("ongsung-nginx");
  private final Path socket = folder.resolve("fastcgi.sock");
  private final int redirectPort = Ports.free();
  private OpenSshServer sshd;
  private Installation ongsung;
  private FrontServer nginx;
  private HttpClient browser;

  @BeforeAll
  void start() throws Exception {
    sshd = OpenSshServer.builder().start();
    ongsung = Installation.start("  fastcgi: unix:" + socket);
    ongsung.apply(
        """
        users:
          - name: alice
            roles: [admin]
            password: {plain: "%s"}
        targets:
        %s
        grants:
          - name: files
            who: {users: [alice]}
            where: {targets: [web-1]}
            as: [worker]
            may: [sftp]
        """
            .formatted(PASSWORD, Installation.target("web-1", sshd).stripTrailing()));
    Path certificate = folder.resolve("tls.pem");
    Path key = folder.resolve("tls.key");
    Program.of("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")
        .and("-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext")
        .and(
            "subjectAltName=IP:127.0.0.1",
            "-keyout",
            key.toString(),
            "-out",
            certificate.toString())
        .run()
        .expectSuccess();
    nginx =
        NginxServer.around(Files.readString(SHIPPED))
            .replacing("unix:/run/ongsung/fastcgi.sock", "unix:" + socket)
            .replacing("listen 80;", "listen 127.0.0.1:" + redirectPort + ";")
            .replacing("listen 443 ssl", "listen 127.0.0.1:@PORT@ ssl")
            .replacing("server_name gate.example.com", "server_name 127.0.0.1")
            .replacing("/etc/ssl/certs/gate.example.com.pem", certificate.toString())
            .replacing("/etc/ssl/private/gate.example.com.key", key.toString())
            .start();
    browser = HttpClient.newBuilder().sslContext(Anyone.trusted()).build();
  }

  @AfterAll
  void stop() {
    if (browser != null) {
      browser.close();
    }
    if (nginx != null) {
      nginx.close();
    }
    if (ongsung != null) {
      ongsung.close();
    }
    if (sshd != null) {
      sshd.close();
    }
    Folders.delete(folder);
  }

  @Test
  void pagesAndAssetsComeThrough() throws Exception {
    HttpResponse<String> page = send(request("/login").GET());
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.version()).isEqualTo(HttpClient.Version.HTTP_2);
    assertThat(page.headers().firstValue("content-security-policy")).isPresent();
    String asset = page.body().replaceFirst("(?s).*?href=\"(/[^\"]+\\.css[^\"]*)\".*", "$1");
    assertThat(send(request(asset).GET()).statusCode()).isEqualTo(200);
    assertThat(send(request("/no-such-page").GET()).statusCode()).isNotEqualTo(200);
  }

  @Test
  void aLoginIsSecureAndWrittenDownWithTheBrowsersAddress() throws Exception {
    HttpResponse<String> answer =
        send(
            request("/api/v1/login")
                .header("Content-Type", "application/json")
                .POST(
                    BodyPublishers.ofString(
                        JsonMapper.shared()
                            .writeValueAsString(Map.of("name", "alice", "password", PASSWORD)))));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(ongsung.ledger("code=login.success").getFirst().toString()).contains("127.0.0.1");
    HttpResponse<String> form = send(request("/login").GET());
    List<String> cookies = form.headers().allValues("set-cookie");
    assertThat(cookies).isNotEmpty().allSatisfy(cookie -> assertThat(cookie).contains("Secure"));
  }

  @Test
  void whatIsForThisMachineAloneIsNotForAFrontServersBrowsers() throws Exception {
    assertThat(send(request("/metrics").GET()).statusCode()).isIn(401, 403);
  }

  /// Longer than what nginx takes of itself, and than any other body that Ongsung takes.
  @Test
  void longFilesComeThroughBothWays() throws Exception {
    byte[] content = new byte[(17 << 20) + 1];
    new Random(1).nextBytes(content);
    String there = "/files/web-1/worker/";
    String token = ongsung.tokenOf("alice", PASSWORD);
    HttpResponse<String> sent =
        browser.send(
            request(there + "upload?path=" + folder)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(
                    BodyPublishers.ofByteArrays(
                        List.of(
                            HEAD.getBytes(StandardCharsets.US_ASCII),
                            content,
                            "\r\n--b--\r\n".getBytes(StandardCharsets.US_ASCII))))
                .timeout(Deadlines.SERVICE)
                .build(),
            BodyHandlers.ofString());
    assertThat(sent.statusCode()).as(sent.body()).isEqualTo(303);
    assertThat(folder.resolve("l")).hasBinaryContent(content);
    HttpResponse<byte[]> back =
        browser.send(
            request(there + "content?path=" + folder + "/l")
                .header("Authorization", "Bearer " + token)
                .timeout(Deadlines.SERVICE)
                .build(),
            BodyHandlers.ofByteArray());
    assertThat(back.statusCode()).isEqualTo(200);
    assertThat(back.body()).isEqualTo(content);
  }

  @Test
  void plainHttpIsSentToTls() throws Exception {
    HttpResponse<String> answer =
        send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + redirectPort + "/login")));
    assertThat(answer.statusCode()).isEqualTo(301);
    assertThat(answer.headers().firstValue("location")).contains("https://127.0.0.1/login");
  }

  @Test
  void onlyTheSocketsGroupMayConnect() throws Exception {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
        .isEqualTo("rw-rw----");
    try (SocketChannel channel = SocketChannel.open(java.net.UnixDomainSocketAddress.of(socket))) {
      assertThat(channel.isConnected()).isTrue();
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + nginx.port() + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return browser.send(request.timeout(Deadlines.ACTION).build(), BodyHandlers.ofString());
  }
}
