package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.Folders;
import org.ongsung.testkit.Ports;
import org.ongsung.testkit.Program;
import org.ongsung.testkit.RawTelnetClient;
import org.ongsung.testkit.ScriptedSwitch;
import org.ongsung.testkit.SshKey;
import tools.jackson.databind.JsonNode;

/// What the guide to Telnet shows, as it is written but for addresses: targets, prompts, listeners;
/// and who is let in where.
class TelnetGuideTest {
  private static final String PAGE = "docs/guide/telnet.md";
  private static final String PASSWORD = "correct horse battery";
  private static final String BALANCER = "127.0.0.2";
  private static final String STRANGER = "127.0.0.5";
  private static final int TELNET = Ports.free();
  private static final int TELNETS = Ports.free();
  private static final int FIRST = Ports.free(10);
  private static final Path FOLDER = Folders.temporary("ongsung-telnet-guide");

  private static ScriptedSwitch usual;
  private static ScriptedSwitch odd;
  private static Installation gate;
  private static List<String> blocks;

  @BeforeAll
  static void startEverything() throws Exception {
    usual = ScriptedSwitch.start(wire -> play(wire, "Username: ", "Password: ", "usual# "));
    odd = ScriptedSwitch.start(wire -> play(wire, "Kennung> ", "Ihre Losung? ", "switch-1=> "));
    blocks = GuideScript.blocks(PAGE, "yaml");
    DeployedFront.certificates(FOLDER);
    String listeners =
        blocks
            .get(3)
            .replace("0.0.0.0:2323", "127.0.0.1:" + TELNET)
            .replace("0.0.0.0:2992", "127.0.0.1:" + TELNETS)
            .replace("10.0.0.0/8", "192.0.2.0/24")
            .replace("/etc/ongsung", FOLDER.toString())
            .replace("listen:\n", "")
            .replace(
                "telnet:\n  clear",
                blocks
                        .get(4)
                        .lines()
                        .filter(line -> !line.contains("cleartextFrom"))
                        .reduce("", (all, line) -> all + line + "\n")
                        .replace("0.0.0.0:24000-24099", "127.0.0.1:" + FIRST + "-" + (FIRST + 9))
                    + "  clear");
    gate = Installation.start(("  proxyProtocol: [" + BALANCER + "/32]\n" + listeners).split("\n"));
  }

  private static void play(ScriptedSwitch.Wire wire, String login, String password, String ready)
      throws IOException {
    wire.say(login);
    String name = wire.line();
    wire.say("\r\n" + password);
    String word = wire.line();
    boolean right = "admin".equals(name) && "its password on the switch".equals(word);
    wire.say(right ? "\r\n" + ready : "\r\nNein\r\n" + login);
    wire.line();
  }

  @AfterAll
  static void stopEverything() {
    gate.close();
    odd.close();
    usual.close();
    Folders.delete(FOLDER);
  }

  private static void apply(String targets, ScriptedSwitch target) {
    SshKey key = gate.key("alice" + System.nanoTime(), "ed25519");
    gate.apply(
        """
        users:
          - name: alice
            roles: [user]
            password: {plain: "%s"}
            publicKeys: ["%s"]
        """
                .formatted(PASSWORD, key.publicLine())
            + targets.replace("10.0.0.7:23", target.address()));
  }

  @Test
  void bothTargetsOfThePageAreReached() {
    apply(blocks.get(0), usual);
    reach(new RawTelnetClient("127.0.0.1", TELNET), "usual#");
    apply(blocks.get(1), odd);
    reach(new RawTelnetClient("127.0.0.1", TELNET), "switch-1=>");
  }

  @Test
  void theOldMachineOfThePageShowsItsKorean() {
    Charset cp949 = Charset.forName("x-windows-949");
    try (ScriptedSwitch old =
        ScriptedSwitch.start(
            wire -> {
              wire.send("급여 서버> ".getBytes(cp949));
              wire.line();
            })) {
      String grant =
          """
          grants:
            - name: alice-on-payroll
              who: {users: [alice]}
              where: {targets: [payroll]}
              as: [operator]
              may: [shell]
          """;
      apply(blocks.get(2).replace("10.0.0.9:23", old.address()) + "\n" + grant, usual);
      try (RawTelnetClient client = new RawTelnetClient("127.0.0.1", TELNET)) {
        client.await("login:").type("alice+payroll\r\0");
        client.await("Password:").type(PASSWORD + "\r\0");
        client.await("급여 서버>");
      }
    }
  }

  private static void reach(RawTelnetClient with, String prompt) {
    try (RawTelnetClient client = with) {
      client.await("login:").type("alice+switch-1\r\0");
      client.await("Password:").type(PASSWORD + "\r\0");
      client.await(prompt);
      assertThat(client.text()).doesNotContain("its password on the switch");
    }
  }

  @Test
  void byTlsTheSameIsReached() throws Exception {
    apply(blocks.get(0), usual);
    reach(byTls(), "usual#");
    assertThat(gate.ledger("code=session.start").getFirst().toString()).contains("telnets");
  }

  private static RawTelnetClient byTls() throws Exception {
    SSLSocket tls =
        (SSLSocket)
            Anyone.trusted()
                .getSocketFactory()
                .createSocket(
                    new Socket(InetAddress.getLoopbackAddress(), TELNETS),
                    "127.0.0.1",
                    TELNETS,
                    true);
    tls.startHandshake();
    return new RawTelnetClient(tls);
  }

  @Test
  void inTheClearOnlyThisMachineAndNamedNetworksAreAsked() {
    try (RawTelnetClient here = new RawTelnetClient("127.0.0.1", TELNET)) {
      here.await("login:");
    }
    try (RawTelnetClient named = from("192.0.2.7")) {
      named.await("login:");
    }
    try (RawTelnetClient stranger = from("198.51.100.7")) {
      stranger.await("Use TELNETS or SSH").awaitEnd(Deadlines.ACTION);
      assertThat(stranger.text()).doesNotContain("login:", "Password:");
    }
  }

  private static RawTelnetClient from(String address) {
    return new RawTelnetClient(BALANCER, TELNET).type(header(address));
  }

  /// A load balancer's word about where somebody comes from.
  private static String header(String address) {
    return "PROXY TCP4 " + address + " 203.0.113.1 40000 23\r\n";
  }

  @Test
  void aOneTimePortIsForItsPersonOnceAndWhoElseComesStandsInTheLedger() {
    apply(blocks.get(0), usual);
    JsonNode opened = open();
    int port = opened.path("port").asInt(0);
    assertThat(port).isBetween(FIRST, FIRST + 9);
    assertThat(opened.path("url").asString("")).isEqualTo("telnet://127.0.0.1:" + port);
    try (RawTelnetClient stranger = new RawTelnetClient("127.0.0.5", port)) {
      stranger.awaitEnd(Deadlines.ACTION);
      assertThat(stranger.came()).isEmpty();
    }
    try (RawTelnetClient own = new RawTelnetClient("127.0.0.1", port)) {
      own.await("usual#");
      try (RawTelnetClient second = new RawTelnetClient("127.0.0.1", port)) {
        second.awaitEnd(Deadlines.ACTION);
        assertThat(second.came()).isEmpty();
      }
    }
    String refused = gate.ledger("code=tunnel.refused").toString();
    assertThat(refused).contains("another address", "127.0.0.5", "taken before");
    assertThat(gate.ledger("code=tunnel.taken").getFirst().toString()).contains("alice");
    assertOpenedInLedger(port);
  }

  @Test
  void throughALoadBalancerAOneTimePortIsForTheAddressThatItNames() {
    apply(blocks.get(0), usual);
    int port = open().path("port").asInt(0);
    try (RawTelnetClient silent = new RawTelnetClient(BALANCER, port)) {
      assertTurnedAway(BALANCER, port, header("192.0.2.7"));
      assertTurnedAway(STRANGER, port, header("127.0.0.1"));
      assertTurnedAway(BALANCER, port, "no header at all, and more bytes than one begins with");
      try (RawTelnetClient own = new RawTelnetClient(BALANCER, port).type(header("127.0.0.1"))) {
        own.await("usual#");
      }
      assertThat(silent.came()).as("held nobody up").isEmpty();
    }
    assertThat(refused(port)).containsExactlyInAnyOrder("192.0.2.7", STRANGER);
  }

  private static void assertTurnedAway(String from, int port, String saying) {
    try (RawTelnetClient client = new RawTelnetClient(from, port).type(saying)) {
      client.awaitEnd(Deadlines.ACTION);
      assertThat(client.came()).isEmpty();
    }
  }

  /// The addresses that were turned away there.
  private static List<String> refused(int port) {
    return gate.ledger("code=tunnel.refused").stream()
        .filter(entry -> entry.path("details").path("port").asInt(0) == port)
        .map(entry -> entry.path("source").asString(""))
        .toList();
  }

  @Test
  void throughALoadBalancerAOneTimePortOfSshIsForTheAddressThatItNames() throws Exception {
    apply(blocks.get(0), usual);
    JsonNode opened = open("ssh");
    assertThat(balanced(BALANCER, "192.0.2.7", opened)).contains("not for you");
    assertThat(balanced(STRANGER, "127.0.0.1", opened)).doesNotContain("not for you", "usual#");
    assertThat(balanced(BALANCER, "127.0.0.1", opened)).contains("usual#");
    assertThat(refused(opened.path("port").asInt(0))).containsExactly("192.0.2.7");
  }

  /// What `ssh` says that comes from there to a one-time port, with a header that names a client.
  private static String balanced(String from, String client, JsonNode opened) throws IOException {
    byte[] header = header(client).getBytes(StandardCharsets.US_ASCII);
    try (Balancer balancer = Balancer.start(from, header, opened.path("port").asInt(0))) {
      return ssh(balancer.port(), "127.0.0.1", opened.path("login").asString(""));
    }
  }

  /// Who opened it, for what, and which port.
  private static void assertOpenedInLedger(int port) {
    JsonNode opened = gate.ledger("code=tunnel.opened").getFirst();
    assertThat(opened.path("actor").asString("")).isEqualTo("alice");
    assertThat(opened.path("source").asString("")).isEqualTo("127.0.0.1");
    assertThat(opened.path("subject").asString("")).isEqualTo("switch-1");
    JsonNode details = opened.path("details");
    assertThat(details.path("user").asString("")).isEqualTo("alice");
    assertThat(details.path("account").asString("")).isEqualTo("admin");
    assertThat(details.path("port").asInt(0)).isEqualTo(port);
  }

  @Test
  void aOneTimePortOfSshIsForWhoHasItsNameOnce() {
    apply(blocks.get(0), usual);
    JsonNode opened = open("ssh");
    int port = opened.path("port").asInt(0);
    String login = opened.path("login").asString("");
    assertThat(opened.path("url").asString("")).isEqualTo("ssh://" + login + "@127.0.0.1:" + port);
    assertThat(opened.path("command").asString(""))
        .contains(" -p " + port + " " + login + "@127.0.0.1");
    assertThat(ssh(port, "127.0.0.5", login)).contains("not for you");
    assertThat(ssh(port, "127.0.0.1", "alice+switch-1")).contains("not for you");
    assertThat(ssh(port, "127.0.0.1", "once-" + "0".repeat(32))).contains("not for you");
    assertThat(ssh(port, "127.0.0.1", login)).contains("usual#");
    assertThat(ssh(port, "127.0.0.1", login)).as("a second time").contains("not for you");
    assertThat(ssh(gate.sshPort(), "127.0.0.1", login)).as("elsewhere").contains("denied");
    String refused = gate.ledger("code=tunnel.refused").toString();
    assertThat(refused).contains("another address", "taken before", "without the name");
    assertThat(gate.ledger("code=tunnel.taken").getFirst().toString()).contains("alice");
    assertOpenedInLedger(port);
    assertThat(gate.ongsung("ledger", "export")).doesNotContain(login);
  }

  /// What `ssh` says that logs in by that name, with no key and no password.
  private static String ssh(int port, String from, String login) {
    CompletedProgram ended =
        Program.of(
                "ssh",
                "-tt",
                "-b",
                from,
                "-p",
                Integer.toString(port),
                "-o",
                "BatchMode=yes",
                "-o",
                "StrictHostKeyChecking=no",
                "-o",
                "UserKnownHostsFile=/dev/null",
                "-o",
                "IdentitiesOnly=yes",
                "-F",
                "none",
                login + "@127.0.0.1")
            .input("\r")
            .run();
    return ended.stdout() + ended.stderr();
  }

  @Test
  @Tag("long")
  void whoComesLateIsTurnedAway() throws InterruptedException {
    apply(blocks.get(0), usual);
    int port = open().path("port").asInt(0);
    JsonNode ofSsh = open("ssh");
    Thread.sleep(Duration.ofSeconds(61));
    try (RawTelnetClient late = new RawTelnetClient("127.0.0.1", port)) {
      late.awaitEnd(Deadlines.ACTION);
      assertThat(late.came()).isEmpty();
    }
    assertThat(gate.ledger("code=tunnel.refused").getFirst().toString()).contains("was over");
    assertThat(ssh(ofSsh.path("port").asInt(0), "127.0.0.1", ofSsh.path("login").asString("")))
        .contains("not for you");
    assertThat(gate.ledger("code=tunnel.refused").getFirst().toString()).contains("was over");
  }

  private static JsonNode open() {
    return open("telnet");
  }

  private static JsonNode open(String protocol) {
    return gate.apiAs(
        gate.tokenOf("alice", PASSWORD),
        "POST",
        "/api/v1/me/tunnels",
        "{\"target\": \"switch-1\", \"account\": \"admin\", \"protocol\": \"%s\"}"
            .formatted(protocol));
  }

  @Test
  void onePersonHasOnlySoManyPortsAtOnce() {
    apply(blocks.get(0), usual);
    String token = gate.tokenOf("alice", PASSWORD);
    List<Integer> taken = new ArrayList<>();
    while (taken.size() < 10) {
      try {
        taken.add(
            gate.apiAs(
                    token,
                    "POST",
                    "/api/v1/me/tunnels",
                    "{\"target\": \"switch-1\", \"account\": \"admin\"}")
                .path("port")
                .asInt(0));
      } catch (AssertionError e) {
        assertThat(e).hasMessageContaining("503");
        break;
      }
    }
    assertThat(taken).hasSizeBetween(1, 4);
    for (int port : taken) {
      try (RawTelnetClient client = new RawTelnetClient("127.0.0.1", port)) {
        client.await("usual#"); // gives the place back
      }
    }
  }

  @Test
  void aPeerThatSaysNothingWithinTlsHoldsNobodyUp() throws Exception {
    try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), TELNETS);
        RawTelnetClient other = byTls()) {
      other.await("login:");
      assertThat(silent.isConnected()).isTrue();
    }
  }

  @Test
  void whoSendsTooMuchBeforeTheLoginIsClosed() {
    try (RawTelnetClient client = new RawTelnetClient("127.0.0.1", TELNET)) {
      client.await("login:").type("x".repeat(5_000));
      client.awaitEnd(Deadlines.ACTION);
    }
  }
}
