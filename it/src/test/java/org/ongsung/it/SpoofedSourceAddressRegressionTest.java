package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.Folders;
import org.ongsung.testkit.OpenSshClient;
import org.ongsung.testkit.SshKey;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Where people come from is believed only of who is configured: a load balancer at 127.0.0.2 by
/// the PROXY protocol, a front server at 127.0.0.3 by its headers. Everybody else counts as the
/// address that they connect from.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SpoofedSourceAddressRegressionTest {
  private static final String BALANCER = "127.0.0.2";
  private static final String FRONT = "127.0.0.3";
  private static final byte[] NOTHING = {};

  private Installation ongsung;
  private SshKey key;
  private int attempts;
  private int addresses;

  @BeforeAll
  void start() {
    ongsung =
        Installation.start(
            "  proxyProtocol: [" + BALANCER + "]", "http:", "  trustedProxies: [" + FRONT + "]");
    key = ongsung.key("alice", "ed25519");
    ongsung.apply(
        "users:\n  - name: alice\n    publicKeys: [\"%s\"]\n".formatted(key.publicLine()));
  }

  @AfterAll
  void stop() {
    if (ongsung != null) {
      ongsung.close();
    }
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

  private Socket connect(String from, int port) throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setSoTimeout(Math.toIntExact(Deadlines.ACTION.toMillis()));
    return socket;
  }

  /// The first line of the answer to a login that fails, empty when the connection is closed.
  private String login(String from, byte[] preface, String... headers) throws IOException {
    String body =
        "{\"name\":\"stranger%d\",\"password\":\"wrong wrong wrong\"}".formatted(++attempts);
    return ask(from, preface, "POST /api/v1/login", body, headers).lines().findFirst().orElse("");
  }

  /// How a request looks to the gateway once it has come in.
  private JsonNode seen(String from, byte[] preface, String... headers) throws IOException {
    String ticket = ongsung.api("POST", "/api/v1/front-checks", "").path("ticket").asString("");
    String answer = ask(from, preface, "GET /api/v1/front-checks/" + ticket, "", headers);
    assertThat(answer).startsWith("HTTP/1.1 200");
    ongsung.api("POST", "/api/v1/front-checks/" + ticket + "/release", "");
    return JsonMapper.shared().readTree(answer.substring(answer.indexOf("\r\n\r\n")));
  }

  /// The whole answer, empty when the connection is closed.
  private String ask(String from, byte[] preface, String what, String body, String... headers)
      throws IOException {
    StringBuilder request = new StringBuilder(what + " HTTP/1.1\r\nHost: gate.example.com\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    request
        .append("Content-Type: application/json\r\nConnection: close\r\nContent-Length: ")
        .append(body.length())
        .append("\r\n\r\n")
        .append(body);
    try (Socket socket = connect(from, ongsung.httpPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(preface);
      out.write(request.toString().getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (java.net.SocketException e) {
      return ""; // reset: what was sent was not read to its end
    }
  }

  private String newestFailure() {
    return ongsung.ledger("code=login.failure").getFirst().path("source").asString("");
  }

  private void assertWrittenDown(String source, String from, byte[] preface, String... headers)
      throws IOException {
    assertThat(login(from, preface, headers)).startsWith("HTTP/1.1 401");
    assertThat(ongsung.ledger("code=login.failure").getFirst().toString())
        .contains("stranger" + attempts);
    assertThat(newestFailure()).isEqualTo(source);
  }

  @Test
  void headersOfAnybodyAreNotRead() throws Exception {
    for (String header :
        List.of(
            "X-Forwarded-For: 203.0.113.1",
            "Forwarded: for=203.0.113.1",
            "X-Real-IP: 203.0.113.1",
            "Forwarded: garbage")) {
      String somebody = nobody();
      assertWrittenDown(somebody, somebody, NOTHING, header);
    }
    String balanced = fresh();
    assertWrittenDown(balanced, BALANCER, line(balanced), "X-Forwarded-For: 203.0.113.1");
  }

  @Test
  void headersOfTheFrontServerAreReadFromTheirEnds() throws Exception {
    for (String header :
        List.of(
            "X-Forwarded-For: CLIENT",
            "X-Forwarded-For: 203.0.113.1, CLIENT",
            "X-Forwarded-For: 203.0.113.1\r\nX-Forwarded-For: CLIENT",
            "X-Forwarded-For: garbage, CLIENT",
            "X-Forwarded-For: 203.0.113.1, CLIENT, " + FRONT,
            "X-Forwarded-For: CLIENT:4711",
            "Forwarded: for=203.0.113.1, for=CLIENT",
            "Forwarded: for=203.0.113.1, for=\"CLIENT:4711\";proto=https",
            "Forwarded: for=CLIENT\r\nX-Forwarded-For: CLIENT")) {
      String client = fresh();
      assertWrittenDown(client, FRONT, NOTHING, header.replace("CLIENT", client));
    }
    assertWrittenDown(
        "2001:db8:0:0:0:0:0:7", FRONT, NOTHING, "Forwarded: for=\"[2001:db8::7]:4711\"");
    assertWrittenDown(FRONT, FRONT, NOTHING, "X-Real-IP: 203.0.113.1");
  }

  @Test
  void schemeAndHostAreReadOfTheFrontServerAndOfNobodyElse() throws Exception {
    String[] old = {
      "X-Forwarded-For: 203.0.113.1",
      "X-Forwarded-Proto: http, https",
      "X-Forwarded-Host: browser.example.com, public.example.com"
    };
    String[] standard = {
      "Forwarded: for=203.0.113.2;proto=http, for=203.0.113.1;proto=https;host=public.example.com"
    };
    for (String[] said : List.of(old, standard)) {
      assertSeen(seen(FRONT, NOTHING, said), "203.0.113.1", true, "public.example.com");
      String somebody = nobody();
      assertSeen(seen(somebody, NOTHING, said), somebody, false, "gate.example.com");
      String balanced = fresh();
      assertSeen(seen(BALANCER, line(balanced), said), balanced, false, "gate.example.com");
    }
  }

  @Test
  void whereForwardedIsThereTheOtherHeadersAreABrowsersOwn() throws Exception {
    String[] invented = {
      "Forwarded: for=203.0.113.1",
      "X-Forwarded-Proto: https",
      "X-Forwarded-Host: browser.example.com"
    };
    assertSeen(seen(FRONT, NOTHING, invented), "203.0.113.1", false, "gate.example.com");
  }

  private static void assertSeen(JsonNode seen, String source, boolean secure, String host) {
    assertThat(seen.path("source").asString("")).as(seen.toString()).isEqualTo(source);
    assertThat(seen.path("secure").asBoolean(!secure)).as(seen.toString()).isEqualTo(secure);
    assertThat(seen.path("host").asString("")).as(seen.toString()).isEqualTo(host);
  }

  @Test
  void whatCanBeReadInTwoWaysIsRefused() throws Exception {
    for (List<String> headers :
        List.of(
            List.of("Forwarded: for=203.0.113.1", "X-Forwarded-For: 192.0.2.250"),
            List.of("X-Forwarded-For: 192.0.2.250, nonsense"),
            List.of("X-Forwarded-For: "),
            List.of("X-Forwarded-For: fe80::1%eth0"),
            List.of("X-Forwarded-For: localhost"),
            List.of("Forwarded: for=unknown"),
            List.of("Forwarded: for=_hidden"),
            List.of("Forwarded: proto=https"),
            List.of("Forwarded: for=192.0.2.250;for=203.0.113.1"))) {
      assertThat(login(FRONT, NOTHING, headers.toArray(String[]::new)))
          .as(headers.toString())
          .startsWith("HTTP/1.1 400");
    }
  }

  @Test
  void aBalancersHeaderCountsAndNobodyElsesDoes() throws Exception {
    String first = fresh();
    assertWrittenDown(first, BALANCER, line(first));
    String second = fresh();
    assertWrittenDown(second, BALANCER, binary(second));
    assertWrittenDown(BALANCER, BALANCER, "PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII));
    int before = ongsung.ledger("code=login.failure").size();
    assertThat(login(BALANCER, NOTHING)).isEmpty();
    assertThat(login(BALANCER, "PROXY TCP4 x\r\n".getBytes(StandardCharsets.US_ASCII))).isEmpty();
    for (String other : List.of(nobody(), FRONT)) {
      assertThat(login(other, line(fresh()))).doesNotStartWith("HTTP/1.1 401");
      assertThat(login(other, binary(fresh()))).doesNotStartWith("HTTP/1.1 401");
    }
    assertThat(ongsung.ledger("code=login.failure")).hasSize(before);
  }

  @Test
  void whatIsForThisMachineAloneIsNotOpenedByAHeader() throws Exception {
    for (String from : List.of(BALANCER, FRONT)) {
      try (Socket socket = connect(from, ongsung.httpPort())) {
        String preface =
            from.equals(BALANCER) ? "PROXY TCP4 127.0.0.1 127.0.0.1 51234 443\r\n" : "";
        String request =
            preface + "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
            .as(from)
            .startsWith("HTTP/1.1 401");
      }
    }
  }

  /// A login by OpenSSH through a balancer that connects from there and writes this first.
  private CompletedProgram ssh(String from, byte[] preface) throws IOException {
    try (Balancer balancer = Balancer.start(from, preface, ongsung.sshPort())) {
      return new OpenSshClient(Folders.untilExit("ongsung-balanced"))
          .configure("Port " + balancer.port(), "IdentityFile " + key.privateKeyFile())
          .trust(balancer.port(), ongsung.hostKey())
          .ssh("alice@127.0.0.1", "nothing")
          .run();
    }
  }

  private int logins() {
    return ongsung.ledger("code=login.success&actor=alice").size();
  }

  @Test
  void aBalancersHeaderCountsForSshToo() throws Exception {
    String first = fresh();
    assertLoggedInFrom(first, line(first));
    String second = fresh();
    assertLoggedInFrom(second, binary(second));
  }

  private void assertLoggedInFrom(String client, byte[] header) throws Exception {
    int before = logins();
    CompletedProgram done = ssh(BALANCER, header);
    assertThat(logins()).as(done.toString()).isEqualTo(before + 1);
    assertThat(
            ongsung.ledger("code=login.success&actor=alice").getFirst().path("source").asString(""))
        .isEqualTo(client);
  }

  @Test
  void nobodyElseGetsInWithAHeaderOrABalancerWithout() throws Exception {
    int before = logins();
    assertThat(ssh(nobody(), line(fresh())).exit()).isEqualTo(255);
    assertThat(ssh(BALANCER, NOTHING).exit()).isEqualTo(255);
    assertThat(logins()).isEqualTo(before);
    ssh(nobody(), NOTHING);
    assertThat(logins()).isEqualTo(before + 1);
  }

  @Test
  void aHeaderMayComeByteByByte() throws Exception {
    for (byte[] header : List.of(line(fresh()), binary(fresh()))) {
      try (Socket socket = connect(BALANCER, ongsung.sshPort())) {
        socket.setTcpNoDelay(true);
        for (byte one : header) {
          socket.getOutputStream().write(one);
        }
        byte[] banner = socket.getInputStream().readNBytes(8);
        assertThat(new String(banner, StandardCharsets.US_ASCII)).isEqualTo("SSH-2.0-");
      }
    }
  }
}
