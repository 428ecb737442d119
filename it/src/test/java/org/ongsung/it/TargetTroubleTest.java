package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.Ports;
import org.ongsung.testkit.RunningProgram;
import org.ongsung.testkit.SshKey;
import tools.jackson.databind.JsonNode;

/// Targets that cannot be worked on: the person reads why, the session is recorded as failed, and
/// nothing is left.
class TargetTroubleTest {
  private static OpenSshServer sshd;
  private static ServerSocket silent;
  private static Installation gate;
  private static SshKey key;

  @BeforeAll
  static void startEverything() throws IOException {
    sshd = OpenSshServer.builder().start();
    silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    gate = Installation.start();
    key = gate.key("alice", "ed25519");
  }

  @AfterAll
  static void stopEverything() throws IOException {
    gate.close();
    sshd.close();
    silent.close();
  }

  @Test
  void aTargetThatIsDownIsToldAtOnce() {
    apply("down", "127.0.0.1:" + Ports.free(), sshd.hostKey("ed25519"), sshd.clientKey());
    assertFailed("down", "down cannot be reached: nothing accepts connections there");
  }

  @Test
  void aTargetThatAcceptsAndNeverSpeaksIsGivenUp() {
    apply("slow", address(silent), sshd.hostKey("ed25519"), sshd.clientKey());
    try (RunningProgram waiting = gate.client(key).ssh("alice+slow@127.0.0.1", "true").start()) {
      Deadlines.await("it is tried", () -> !gate.sessions("state=live&target=slow").isEmpty());
      // Nobody else waits for it.
      apply("good", sshd.address(), sshd.hostKey("ed25519"), sshd.clientKey());
      gate.client(key).ssh("alice+good@127.0.0.1", "true").run().expectSuccess();
      assertThat(gate.sessions("state=live&target=slow")).hasSize(1);
      CompletedProgram done = waiting.await(Deadlines.SERVICE).expectExit(255);
      assertThat(done.stderr()).contains("slow did not answer within 20 seconds");
    }
    awaitFailed("slow");
  }

  @Test
  void aTargetWithAnotherHostKeyIsNotWorkedOnAndTheLedgerTellsIt() {
    SshKey other = gate.key("another-host-key", "ed25519");
    apply("changed", sshd.address(), other.publicLine(), sshd.clientKey());
    assertFailed("changed", "The host key of changed is not the one that is known");
    assertThat(gate.ledger("code=hostkey.mismatch")).hasSize(1);
  }

  @Test
  void aTargetThatRefusesTheCredentialIsToldAndTheSecretIsNot() {
    apply("locked", sshd.address(), sshd.hostKey("ed25519"), gate.key("not-let-in", "ed25519"));
    assertFailed("locked", "locked did not accept the credential kept for account worker");
  }

  @Test
  void aTargetOfGarbageOversizedOrTruncatedPacketsFailsEachTimeAndHarmsNobody() throws Exception {
    byte[] line = "SSH-2.0-strange\r\n".getBytes(StandardCharsets.US_ASCII);
    byte[] random = new byte[30_000];
    new Random(7).nextBytes(random);
    List<byte[]> openings =
        List.of(
            random,
            joined(line, random),
            joined(line, packet(Integer.MAX_VALUE, 0)), // says that 2 GiB follow
            joined(line, packet(-1, 0)),
            joined(line, packet(1, 0)), // shorter than any packet
            joined(line, packet(600, 300)), // ends in the middle
            new byte[] {'S', 'S', 'H'},
            new byte[0]);
    try (ServerSocket strange = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      apply("strange", address(strange), sshd.hostKey("ed25519"), sshd.clientKey());
      for (byte[] opening : openings) {
        Thread speaker = Thread.ofVirtual().start(() -> answerOnce(strange, opening));
        CompletedProgram done = gate.client(key).ssh("alice+strange@127.0.0.1", "true").run();
        assertThat(done.exit()).isEqualTo(255);
        assertThat(done.stderr()).contains("ongsung: strange ").doesNotContain("Exception");
        speaker.join();
      }
    }
    apply("good", sshd.address(), sshd.hostKey("ed25519"), sshd.clientKey());
    gate.client(key).ssh("alice+good@127.0.0.1", "true").run().expectSuccess();
    Deadlines.await(
        "all have failed",
        () -> gate.sessions("state=failed&target=strange").size() == openings.size());
  }

  private static void answerOnce(ServerSocket listening, byte[] opening) {
    try (Socket socket = listening.accept()) {
      socket.getOutputStream().write(opening);
      socket.shutdownOutput();
      socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
    } catch (IOException e) {
      // The gateway has had enough.
    }
  }

  private static byte[] packet(int length, int bytes) {
    return ByteBuffer.allocate(5 + bytes).putInt(length).put((byte) 4).array();
  }

  private static byte[] joined(byte[] one, byte[] other) {
    return ByteBuffer.allocate(one.length + other.length).put(one).put(other).array();
  }

  private static String address(ServerSocket listening) {
    return "127.0.0.1:" + listening.getLocalPort();
  }

  private static void assertFailed(String target, String told) {
    CompletedProgram done =
        gate.client(key).ssh("alice+" + target + "@127.0.0.1", "true").run().expectExit(255);
    assertThat(done.stderr()).contains(told).doesNotContain("Exception");
    awaitFailed(target);
  }

  private static void awaitFailed(String target) {
    Deadlines.await(
        "the session is listed as failed",
        () -> !gate.sessions("state=failed&target=" + target).isEmpty());
    JsonNode session = gate.sessions("state=failed&target=" + target).getFirst();
    assertThat(session.path("reason").asString("")).isNotBlank();
    assertThat(session.path("bytesToClient").asLong(-1)).isZero();
    assertThat(gate.sessions("state=live&target=" + target)).isEmpty();
    assertThat(gate.ledger("session=" + session.path("id").asString("")))
        .extracting(event -> event.path("code").asString(""))
        .contains("session.start")
        .doesNotContain("channel.open");
  }

  private static void apply(String target, String address, String hostKey, SshKey credential) {
    gate.apply(
        """
        users:
          - name: alice
            roles: [user]
            publicKeys: ["%s"]
        targets:
          - name: %s
            protocol: ssh
            address: %s
            labels: {env: test}
            hostKeys: ["%s"]
            accounts:
              - name: worker
                login: %s
                privateKeyFile: %s
        grants:
          - name: alice-everywhere
            who: {users: [alice]}
            where: {labels: {env: test}}
            as: [worker]
            may: [exec]
        """
            .formatted(
                key.publicLine(),
                target,
                address,
                hostKey,
                sshd.user(),
                credential.privateKeyFile()));
  }
}
