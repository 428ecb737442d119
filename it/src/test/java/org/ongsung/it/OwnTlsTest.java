package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.Certificate;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.Folders;
import org.ongsung.testkit.Ports;

/// TLS of the console's own: HTTP/2, a certificate that is renewed while people are connected, and
/// files that cannot be served with.
class OwnTlsTest {
  private final Path folder = Folders.temporary("ongsung-tls");
  private final int port = Ports.free();

  @BeforeEach
  void makeACertificate() {
    DeployedFront.certificates(folder);
  }

  @AfterEach
  void tidyUp() {
    Folders.delete(folder);
  }

  private String[] configuration() {
    return new String[] {
      "  https: 127.0.0.1:" + port,
      "tls:",
      "  certificate: " + folder.resolve("tls.pem"),
      "  key: " + folder.resolve("tls.key")
    };
  }

  private SSLSocket connect() throws Exception {
    SSLSocket tls =
        (SSLSocket)
            Anyone.trusted()
                .getSocketFactory()
                .createSocket(
                    new Socket(InetAddress.getLoopbackAddress(), port), "127.0.0.1", port, true);
    tls.setSoTimeout(Math.toIntExact(Deadlines.ACTION.toMillis()));
    tls.startHandshake();
    return tls;
  }

  private Certificate shown() throws Exception {
    try (SSLSocket tls = connect()) {
      return tls.getSession().getPeerCertificates()[0];
    }
  }

  private static String ask(SSLSocket tls) throws Exception {
    tls.getOutputStream()
        .write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    byte[] answer = tls.getInputStream().readNBytes("HTTP/1.1 200".length());
    tls.getInputStream().skip(tls.getInputStream().available());
    return new String(answer, StandardCharsets.US_ASCII);
  }

  private void renew() throws Exception {
    Path fresh = Files.createDirectory(folder.resolve("fresh"));
    DeployedFront.certificates(fresh);
    for (String name : List.of("tls.key", "tls.pem")) {
      Files.move(fresh.resolve(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
    Files.delete(fresh);
  }

  @Test
  void browsersComeByHttp2AndARenewedCertificateIsTakenWhileTheyAreThere() throws Exception {
    try (Installation ongsung = Installation.start(configuration());
        HttpClient browser = HttpClient.newBuilder().sslContext(Anyone.trusted()).build()) {
      HttpResponse<String> page =
          browser.send(
              HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/login"))
                  .timeout(Deadlines.ACTION)
                  .build(),
              BodyHandlers.ofString());
      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(page.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(page.headers().allValues("set-cookie"))
          .isNotEmpty()
          .allSatisfy(cookie -> assertThat(cookie).contains("; Secure"));
      Certificate before = shown();
      try (SSLSocket open = connect()) {
        assertThat(ask(open)).isEqualTo("HTTP/1.1 200");
        renew();
        Deadlines.await("the new one is shown", () -> !shownQuietly().equals(before));
        assertThat(ask(open)).isEqualTo("HTTP/1.1 200");
      }
      Certificate renewed = shown();
      Files.writeString(folder.resolve("tls.pem"), "half a certif");
      ongsung.server().awaitOutput("holds no certificate", Deadlines.SERVICE);
      assertThat(shown()).isEqualTo(renewed);
    }
  }

  @Test
  void aRefusedUploadHearsWhyByHttp2AndAStyleIsNotSentTwice() throws Exception {
    try (Installation ongsung = Installation.start(configuration());
        HttpClient browser = HttpClient.newBuilder().sslContext(Anyone.trusted()).build()) {
      assertThat(ongsung.httpPort()).isPositive();
      URI here = URI.create("https://127.0.0.1:" + port + "/login");
      String page =
          browser.send(HttpRequest.newBuilder(here).build(), BodyHandlers.ofString()).body();
      for (int i = 0; i < 5; i++) {
        HttpRequest upload =
            HttpRequest.newBuilder(here.resolve("/api/v1/apply"))
                .timeout(Deadlines.ACTION)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[8 << 20]))
                .build();
        HttpResponse<String> refused = browser.send(upload, BodyHandlers.ofString());
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.version()).isEqualTo(HttpClient.Version.HTTP_2);
      }
      String style = page.replaceFirst("(?s).*href=\"(/assets/[^\"]+\\.css)\".*", "$1");
      HttpRequest.Builder asked =
          HttpRequest.newBuilder(here.resolve(style)).header("Accept-Encoding", "gzip");
      HttpResponse<Void> whole = browser.send(asked.build(), BodyHandlers.discarding());
      assertThat(whole.headers().firstValue("Content-Encoding")).contains("gzip");
      String tag = whole.headers().firstValue("ETag").orElseThrow();
      HttpResponse<Void> again =
          browser.send(asked.header("If-None-Match", tag).build(), BodyHandlers.discarding());
      assertThat(again.statusCode()).isEqualTo(304);
      assertThat(again.version()).isEqualTo(HttpClient.Version.HTTP_2);
    }
  }

  private Certificate shownQuietly() {
    try {
      return shown();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void filesThatCannotBeServedWithAreNamedWithTheRemedy() throws Exception {
    Path key = folder.resolve("tls.key");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    try (Installation never = Installation.prepared(configuration())) {
      CompletedProgram done = never.program("serve").run();
      assertThat(done.exit()).isNotZero();
      assertThat(done.stderr()).contains(key.toString(), "chmod 640");
    }
  }

  @Test
  void theKeysOfTlsBelongTogether() {
    try (Installation half = Installation.prepared("  https: 127.0.0.1:" + port)) {
      assertThat(half.program("serve").run().stderr())
          .contains("listen.https or listen.telnets, tls.certificate and tls.key");
    }
  }
}
