package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.Folders;
import org.ongsung.testkit.Ports;
import org.ongsung.testkit.RawTelnetClient;
import tools.jackson.databind.JsonNode;

/// A load balancer that passes TLS on says before it, by the PROXY protocol, who comes; on both
/// listeners that have TLS it is believed, and nobody else is.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BalancedTlsTest {
  private static final String BALANCER = "127.0.0.2";
  private static final byte[] NOTHING = {};

  private final Path folder = Folders.temporary("ongsung-balanced-tls");
  private final int https = Ports.free();
  private final int telnets = Ports.free();
  private Installation ongsung;
  private int attempts;
  private int addresses;

  /// Fails a login.
  private interface Login {
    void fail(String name, SSLSocket through) throws IOException;
  }

  @BeforeAll
  void start() {
    DeployedFront.certificates(folder);
    ongsung =
        Installation.start(
            "  proxyProtocol: [" + BALANCER + "]",
            "  https: 127.0.0.1:" + https,
            "  telnets: 127.0.0.1:" + telnets,
            "tls:",
            "  certificate: " + folder.resolve("tls.pem"),
            "  key: " + folder.resolve("tls.key"));
  }

  @AfterAll
  void stop() {
    if (ongsung != null) {
      ongsung.close();
    }
    Folders.delete(folder);
  }

  /// Addresses are used once, for who fails at logins is slowed down.
  private String fresh() {
    return "192.0.2." + ++addresses;
  }

  private String nobody() {
    return "127.1.0." + ++addresses;
  }

  private static byte[] line(String client) {
    return ("PROXY TCP4 " + client + " 198.51.100.1 51234 443\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] binary(String client) {
    String address = HexFormat.of().formatHex(InetAddress.ofLiteral(client).getAddress());
    return HexFormat.of()
        .parseHex("0d0a0d0a000d0a515549540a2111000c" + address + "c6336401c82201bb");
  }

  private static SSLSocket connect(String from, int port, byte[] preface) throws Exception {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setSoTimeout(Math.toIntExact(Deadlines.ACTION.toMillis()));
    socket.getOutputStream().write(preface);
    SSLSocket tls =
        (SSLSocket)
            Anyone.trusted().getSocketFactory().createSocket(socket, "127.0.0.1", port, true);
    try {
      tls.startHandshake();
      return tls;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static void byHttps(String name, SSLSocket through) throws IOException {
    String body = "{\"name\":\"" + name + "\",\"password\":\"wrong wrong wrong\"}";
    String request =
        """
        POST /api/v1/login HTTP/1.1\r
        Host: gate.example.com\r
        Content-Type: application/json\r
        Connection: close\r
        Content-Length: %d\r
        \r
        %s"""
            .formatted(body.length(), body);
    through.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    byte[] answer = through.getInputStream().readAllBytes();
    assertThat(new String(answer, StandardCharsets.UTF_8)).startsWith("HTTP/1.1 401");
  }

  private static void byTelnets(String name, SSLSocket through) {
    try (RawTelnetClient client = new RawTelnetClient(through)) {
      client.await("login:").type(name + "+web\r\0");
      client.await("Password:").type("wrong wrong wrong\r\0");
      client.await("incorrect");
    }
  }

  private void assertWrittenDown(String source, String from, int port, byte[] preface, Login login)
      throws Exception {
    String name = "stranger" + ++attempts;
    try (SSLSocket tls = connect(from, port, preface)) {
      login.fail(name, tls);
    }
    Deadlines.await("the ledger has it", () -> failures().toString().contains(name));
    assertThat(failures().getFirst().path("source").asString("")).isEqualTo(source);
  }

  private List<JsonNode> failures() {
    return ongsung.ledger("code=login.failure");
  }

  private void onlyTheBalancerIsBelieved(int port, Login login) throws Exception {
    String first = fresh();
    assertWrittenDown(first, BALANCER, port, line(first), login);
    String second = fresh();
    assertWrittenDown(second, BALANCER, port, binary(second), login);
    String itself = nobody();
    assertWrittenDown(itself, itself, port, NOTHING, login);
    int before = failures().size();
    for (byte[] header : List.of(line(fresh()), binary(fresh()))) {
      assertThatThrownBy(() -> connect(nobody(), port, header)).isInstanceOf(IOException.class);
    }
    assertThatThrownBy(() -> connect(BALANCER, port, NOTHING)).isInstanceOf(IOException.class);
    assertThat(failures()).hasSize(before);
  }

  @Test
  void onTheListenerForHttpsOnlyTheBalancerIsBelieved() throws Exception {
    onlyTheBalancerIsBelieved(https, BalancedTlsTest::byHttps);
  }

  @Test
  void onTheListenerForTelnetsOnlyTheBalancerIsBelieved() throws Exception {
    onlyTheBalancerIsBelieved(telnets, BalancedTlsTest::byTelnets);
  }
}
