package org.ongsung.protocols.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ongsung.model.SshPublicKey;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.Program;
import org.ongsung.testkit.RunningProgram;

/// The limits of one connection, each at its bound and one past it; those that other tests walk are
/// not repeated (failed logins, channels, keep-alives, connections, deadlines of the login).
@Timeout(240)
class SshLimitsTest {
  private static final int FEW = 4;
  private static final int HELD_BYTES = 10_000;
  private static final int OWN_COST_BYTES = 64;

  /// RFC 4254 section 5.1: a type of seven characters and three numbers.
  private static final int OPENING_BYTES = 4 + 7 + 3 * 4;

  private static OpenSshServer server;
  private final List<String> silenced = new ArrayList<>();
  private SshGateway gateway;

  @BeforeAll
  static void startTarget() {
    server = OpenSshServer.builder().start();
  }

  @AfterAll
  static void stopTarget() {
    server.close();
  }

  @AfterEach
  void stop() {
    silenced.forEach(pid -> Program.of("kill", "-CONT", pid).run());
    gateway.close();
  }

  private void start(Duration menuTimeout) {
    SshLimits usual = SshLimits.DEFAULT;
    gateway =
        new SshGateway(
                new SshLimits(
                    usual.maxConnections(),
                    FEW,
                    usual.loginTimeout(),
                    usual.maxFailedLogins(),
                    FEW,
                    usual.maxChannels(),
                    usual.dialTimeout(),
                    usual.targetLoginTimeout(),
                    usual.keepAliveInterval(),
                    usual.maxUnansweredKeepAlives(),
                    HELD_BYTES,
                    FEW,
                    usual.rekeyBytes(),
                    menuTimeout))
            .target("web-1", server);
  }

  private void start() {
    start(SshLimits.DEFAULT.menuTimeout());
  }

  private RawSshClient raw() throws Exception {
    return new RawSshClient(gateway.port()).login("alice+web-1");
  }

  @Test
  void asManyLoginRequestsAsTheLimitAreAnsweredAndTheNextEndsTheConnection() throws Exception {
    start();
    try (RawSshClient client = new RawSshClient(gateway.port())) {
      for (int i = 0; i < FEW; i++) {
        none(client);
        client.next(SshConstants.SSH_MSG_USERAUTH_FAILURE);
      }
      none(client);
      client.awaitClosed();
      assertThat(client.disconnect()).contains("too many login requests");
    }
    try (RawSshClient client = new RawSshClient(gateway.port())) {
      for (int i = 0; i < FEW - 1; i++) {
        none(client);
        client.next(SshConstants.SSH_MSG_USERAUTH_FAILURE);
      }
      client.login("alice+web-1");
    }
  }

  private static void none(RawSshClient client) throws IOException {
    client.send(
        SshConstants.SSH_MSG_USERAUTH_REQUEST,
        packet -> {
          packet.putString("alice+web-1");
          packet.putString("ssh-connection");
          packet.putString("none");
        });
  }

  @Test
  void whatComesBeforeTheTargetIsThereIsKeptUpToTheLimitAndOneByteMoreEndsTheConnection()
      throws Exception {
    start();
    int besideAnOpening = HELD_BYTES - 2 * OWN_COST_BYTES - OPENING_BYTES;
    gateway.openMillis = 3_000;
    try (RawSshClient client = raw()) {
      client.send(SshConstants.SSH_MSG_GLOBAL_REQUEST, request(besideAnOpening));
      assertThat(client.openSession()).isNotNegative();
    }
    try (RawSshClient client = raw()) {
      client.send(SshConstants.SSH_MSG_GLOBAL_REQUEST, request(besideAnOpening + 1));
      assertThatThrownBy(client::openSession).hasMessageContaining("closed");
    }
  }

  /// A global request that nobody knows and that wants no answer, of so many bytes.
  private static Consumer<Buffer> request(int bytes) {
    return packet -> {
      packet.putString("x@example.org");
      packet.putBoolean(false);
      packet.putRawBytes(new byte[bytes - 4 - "x@example.org".length() - 1]);
    };
  }

  @Test
  void manySmallRequestsBeforeTheTargetIsThereEndTheConnectionToo() throws Exception {
    gateway = new SshGateway().target("web-1", server);
    gateway.openMillis = 10_000;
    try (RawSshClient client = raw()) {
      for (int i = 0; i <= SshLimits.MAX_HELD_REQUESTS; i++) {
        client.send(SshConstants.SSH_MSG_GLOBAL_REQUEST, request(32));
      }
      client.awaitClosed();
    }
    try (RawSshClient client = raw()) {
      for (int i = 0; i < SshLimits.MAX_HELD_REQUESTS - 1; i++) {
        client.send(SshConstants.SSH_MSG_GLOBAL_REQUEST, request(32));
      }
      assertThat(client.openSession()).isNotNegative();
    }
  }

  @Test
  void onePersonHasAsManyConnectionsAsTheLimitAndTheNextIsToldSoAndOthersGetIn() throws Exception {
    start();
    gateway.user("bora", gateway.alice.publicLine());
    gateway.passwords().put("bora", SshGateway.PASSWORD);
    List<RawSshClient> open = new ArrayList<>();
    for (int i = 0; i < FEW; i++) {
      open.add(raw());
      assertThat(open.getLast().openSession()).isNotNegative();
    }
    try (RawSshClient past = raw()) {
      past.awaitClosed();
      assertThat(past.disconnect()).contains("You have 4 connections here already");
    }
    try (RawSshClient another = new RawSshClient(gateway.port()).login("bora+web-1")) {
      assertThat(another.openSession()).isNotNegative();
    }
    open.removeFirst().close();
    Deadlines.await("a place", () -> gateway.protocol().connections() < FEW);
    open.add(raw());
    assertThat(open.getLast().openSession()).isNotNegative();
    for (RawSshClient each : open) {
      each.close();
    }
  }

  @Test
  void asManyVariablesAsTheLimitAreTakenAndTheNextIsRefused() throws Exception {
    start();
    try (RawSshClient client = raw()) {
      long channel = client.openSession();
      for (int i = 0; i < FEW; i++) {
        variable(client, channel, "LC_" + i);
        client.next(SshConstants.SSH_MSG_CHANNEL_SUCCESS);
      }
      variable(client, channel, "LC_MORE");
      client.next(SshConstants.SSH_MSG_CHANNEL_FAILURE);
    }
  }

  private static void variable(RawSshClient client, long channel, String name) throws IOException {
    client.send(
        SshConstants.SSH_MSG_CHANNEL_REQUEST,
        packet -> {
          packet.putUInt(channel);
          packet.putString("env");
          packet.putBoolean(true);
          packet.putString(name);
          packet.putString("C");
        });
  }

  @Test
  void aPacketOfTheLargestPayloadPassesAndOneByteMoreEndsTheConnection() throws Exception {
    start();
    try (RawSshClient client = raw()) {
      long channel = client.openSession();
      client.exec(channel, "wc -c; sleep 60");
      client.next(SshConstants.SSH_MSG_CHANNEL_SUCCESS);
      data(client, channel, SshLimits.MAX_PACKET_BYTES);
      client.send(SshConstants.SSH_MSG_CHANNEL_EOF, packet -> packet.putUInt(channel));
      Buffer said = client.next(SshConstants.SSH_MSG_CHANNEL_DATA);
      said.getUInt();
      assertThat(new String(said.getBytes(), StandardCharsets.UTF_8).strip())
          .isEqualTo("" + SshLimits.MAX_PACKET_BYTES);
    }
    try (RawSshClient client = raw()) {
      long channel = client.openSession();
      client.exec(channel, "cat > /dev/null");
      client.next(SshConstants.SSH_MSG_CHANNEL_SUCCESS);
      data(client, channel, SshLimits.MAX_PACKET_BYTES + 1);
      client.awaitClosed();
    }
  }

  private static void data(RawSshClient client, long channel, int bytes) throws IOException {
    client.send(
        SshConstants.SSH_MSG_CHANNEL_DATA,
        packet -> {
          packet.putUInt(channel);
          packet.putBytes(new byte[bytes]);
        });
  }

  @Test
  void aWindowOfFourGibibytesIsTakenAndOneByteMoreEndsTheConnection() throws Exception {
    start();
    try (RawSshClient client = raw()) {
      long channel = client.openSession();
      client.exec(channel, "sleep 60");
      client.next(SshConstants.SSH_MSG_CHANNEL_SUCCESS);
      long granted = RawSshClient.WINDOW_BYTES;
      window(client, channel, 0xFFFF_FFFFL - granted);
      client.exec(channel, "echo still heard");
      client.next(SshConstants.SSH_MSG_CHANNEL_FAILURE);
      window(client, channel, 1);
      client.awaitClosed();
    }
  }

  private static void window(RawSshClient client, long channel, long more) throws IOException {
    client.send(
        SshConstants.SSH_MSG_CHANNEL_WINDOW_ADJUST,
        packet -> {
          packet.putUInt(channel);
          packet.putUInt(more);
        });
  }

  @Test
  void asManyListenersAsTheLimitAreOpenedAndTheNextIsRefused() throws Exception {
    gateway = new SshGateway().target("web-1", server);
    try (RawSshClient client = raw()) {
      client.openSession();
      for (int i = 0; i < SshLimits.MAX_LISTENERS; i++) {
        listen(client);
        client.next(SshConstants.SSH_MSG_REQUEST_SUCCESS);
      }
      listen(client);
      client.next(SshConstants.SSH_MSG_REQUEST_FAILURE);
    }
    Deadlines.await(
        "it is in the ledger",
        () -> gateway.session().refusals.stream().anyMatch(r -> r.contains("too many listeners")));
  }

  private static void listen(RawSshClient client) throws IOException {
    client.send(
        SshConstants.SSH_MSG_GLOBAL_REQUEST,
        packet -> {
          packet.putString("tcpip-forward");
          packet.putBoolean(true);
          packet.putString("127.0.0.1");
          packet.putUInt(0);
        });
  }

  /// Has the target say nothing more, without ending its connection, until the test is over.
  private void silence(RawSshClient client, long channel) throws Exception {
    client.exec(channel, "echo $PPID; exec sleep 60");
    Buffer said = client.next(SshConstants.SSH_MSG_CHANNEL_DATA);
    said.getUInt();
    String pid = new String(said.getBytes(), StandardCharsets.UTF_8).strip();
    silenced.add(pid);
    Program.of("kill", "-STOP", pid).run().expectSuccess();
    Path state = Path.of("/proc", pid, "stat");
    Deadlines.await("the target is stopped", () -> Files.readString(state).contains(") T "));
  }

  private static void ask(RawSshClient client, long channel, String name) throws IOException {
    client.send(
        SshConstants.SSH_MSG_CHANNEL_REQUEST,
        packet -> {
          packet.putUInt(channel);
          packet.putString(name);
          packet.putBoolean(true);
        });
  }

  @Test
  void answersBehindOneThatTheTargetOwesWaitUpToTheLimitAndOneMoreEndsTheConnection()
      throws Exception {
    gateway = new SshGateway().target("web-1", server);
    try (RawSshClient client = raw()) {
      long channel = client.openSession();
      silence(client, channel);
      ask(client, channel, "break"); // the target's to answer
      for (int i = 1; i < SshRequests.MAX_OWED; i++) {
        ask(client, channel, "unheard-of@example.org");
      }
      client.send(
          SshConstants.SSH_MSG_GLOBAL_REQUEST,
          packet -> {
            packet.putString("keepalive@openssh.com");
            packet.putBoolean(true);
          });
      client.next(SshConstants.SSH_MSG_REQUEST_FAILURE);
      ask(client, channel, "unheard-of@example.org");
      client.awaitClosed();
    }
  }

  @Test
  void globalRequestsWaitForTheTargetUpToTheLimitAndOneMoreEndsTheConnection() throws Exception {
    gateway = new SshGateway().target("web-1", server);
    for (boolean ours : new boolean[] {false, true}) {
      try (RawSshClient client = raw()) {
        long other = client.openSession();
        silence(client, client.openSession());
        listen(client);
        for (int i = 1; i < SshForwards.MAX_EXPECTED; i++) {
          if (ours) {
            client.send(SshConstants.SSH_MSG_GLOBAL_REQUEST, SshLimitsTest::keepAlive);
          } else {
            listen(client);
          }
        }
        ask(client, other, "unheard-of@example.org");
        client.next(SshConstants.SSH_MSG_CHANNEL_FAILURE);
        client.send(SshConstants.SSH_MSG_GLOBAL_REQUEST, SshLimitsTest::keepAlive);
        client.awaitClosed();
      }
    }
  }

  private static void keepAlive(Buffer packet) {
    packet.putString("keepalive@openssh.com");
    packet.putBoolean(true);
  }

  @Test
  void asManyLoginRequestsAsTheLimitMayWaitAndOneMoreEndsTheConnection() throws Exception {
    gateway = new SshGateway();
    for (int more : new int[] {0, 1}) {
      CountDownLatch hold = new CountDownLatch(1);
      gateway.authenticator.hold = hold;
      int asked = gateway.authenticator.asked.size();
      try (RawSshClient client = new RawSshClient(gateway.port())) {
        client.password("alice+web-1", "wrong");
        Deadlines.await("one is checked", () -> gateway.authenticator.asked.size() > asked);
        for (int i = 0; i < SshAuthentication.MAX_WAITING + more; i++) {
          none(client);
        }
        if (more == 0) {
          Thread.sleep(300); // all of them have come
          hold.countDown();
          client.next(SshConstants.SSH_MSG_USERAUTH_FAILURE);
        }
        client.awaitClosed();
        assertThat(client.disconnect())
            .isEqualTo(more == 0 ? "too many login requests" : "too many login requests at once");
      } finally {
        hold.countDown();
      }
    }
  }

  @Test
  void anRsaKeyOfTheLeastLengthIsLookedAtAndOneBitLessIsNot() throws Exception {
    gateway = new SshGateway();
    for (int bits :
        new int[] {SshAuthentication.MIN_RSA_BITS, SshAuthentication.MIN_RSA_BITS - 1}) {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
      byte[] blob = SshHostKeys.blob(generator.generateKeyPair().getPublic());
      gateway.user("alice", SshPublicKey.ofBlob(blob, "").line());
      try (RawSshClient client = new RawSshClient(gateway.port())) {
        client.publicKey("alice", "rsa-sha2-512", blob, null);
        client.next(
            bits == SshAuthentication.MIN_RSA_BITS
                ? SshConstants.SSH_MSG_USERAUTH_PK_OK
                : SshConstants.SSH_MSG_USERAUTH_FAILURE);
      }
    }
  }

  @Test
  void whoNeitherChoosesNorLeavesLosesTheirPlace() throws Exception {
    start(Duration.ofSeconds(3));
    try (RawSshClient client = new RawSshClient(gateway.port()).login("alice")) {
      client.awaitClosed();
      assertThat(client.disconnect()).contains("Nothing chosen.");
    }
    try (RawSshClient client = new RawSshClient(gateway.port()).login("alice+nowhere")) {
      client.openSession(); // as ControlMaster keeps one, whatever it is told
      client.awaitClosed();
    }
    assertThat(gateway.sessions).isEmpty();
  }

  @Test
  void whoChoosesNothingForTooLongIsTold() {
    start(Duration.ofSeconds(1));
    try (RunningProgram menu =
        gateway
            .client
            .sshOnTerminal(
                "-tt",
                "-p",
                Integer.toString(gateway.port()),
                "-i",
                gateway.alice.privateKeyFile().toString(),
                "-l",
                "alice",
                "127.0.0.1")
            .start()) {
      CompletedProgram done = menu.await(Deadlines.ACTION);
      assertThat(done.stdout()).contains("Nothing chosen.");
      assertThat(done.exit()).isEqualTo(255);
    }
    assertThat(gateway.sessions).isEmpty();
  }
}
