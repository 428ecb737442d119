package org.ongsung.protocols.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ongsung.model.SecretKind;
import org.ongsung.model.SessionState;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.Ports;
import org.ongsung.testkit.RunningProgram;
import org.ongsung.testkit.SshKey;

/// What happens between the gateway and a target, and what the person is told of it.
class SshUpstreamTest {
  private SshGateway gateway;

  @BeforeEach
  void start() {
    start(SshLimits.DEFAULT.targetLoginTimeout());
  }

  private void start(Duration targetLogin) {
    SshLimits usual = SshLimits.DEFAULT;
    gateway =
        new SshGateway(
            new SshLimits(
                usual.maxConnections(),
                usual.maxConnectionsPerUser(),
                usual.loginTimeout(),
                usual.maxFailedLogins(),
                usual.maxLoginRequests(),
                usual.maxChannels(),
                usual.dialTimeout(),
                targetLogin,
                usual.keepAliveInterval(),
                usual.maxUnansweredKeepAlives(),
                usual.heldBytes(),
                usual.maxEnvironmentEntries(),
                usual.rekeyBytes(),
                usual.menuTimeout()));
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private CompletedProgram failing() {
    CompletedProgram done = gateway.ssh("alice+web-1", "echo hi").run().expectExit(255);
    assertThat(done.stdout()).isEmpty();
    assertThat(done.stderr()).startsWith("ongsung: ").doesNotContain("Exception");
    return done;
  }

  private void endedAsFailed() {
    Deadlines.await("the session has failed", () -> gateway.session().state == SessionState.FAILED);
    assertThat(gateway.session().channels).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ed25519", "ecdsa", "rsa"})
  void hostKeysAndUserKeysOfEveryModernKindWork(String type) {
    SshKey key = SshKey.generate(gateway.folder.resolve("user-" + type), type, "user");
    try (OpenSshServer server =
        OpenSshServer.builder().hostKeys(type).authorize(key.publicLine()).start()) {
      gateway.target("web-1", server);
      gateway.secret("web-1", "root", SecretKind.PRIVATE_KEY, key.privateKeyText());
      assertThat(gateway.ssh("alice+web-1", "echo hi").run().stdout()).isEqualTo("hi\n");
    }
  }

  @Test
  void aPrivateKeyInPemFormWorks() {
    SshKey key = SshKey.generate(gateway.folder.resolve("user-pem"), "rsa", "user");
    org.ongsung.testkit.Program.of(
            "ssh-keygen", "-p", "-q", "-N", "", "-m", "PEM", "-f", "" + key.privateKeyFile())
        .run()
        .expectSuccess();
    try (OpenSshServer server = OpenSshServer.builder().authorize(key.publicLine()).start()) {
      gateway.target("web-1", server);
      assertThat(key.privateKeyText()).startsWith("-----BEGIN RSA PRIVATE KEY");
      gateway.secret("web-1", "root", SecretKind.PRIVATE_KEY, key.privateKeyText());
      assertThat(gateway.ssh("alice+web-1", "echo hi").run().stdout()).isEqualTo("hi\n");
    }
  }

  @Test
  void theHostKeyThatIsPinnedIsTheOneThatIsAskedFor() {
    try (OpenSshServer server = OpenSshServer.builder().start()) {
      for (String type : List.of("rsa", "ecdsa", "ed25519")) {
        gateway.target(
            "web-1", server.address(), server, Set.of("root"), List.of(server.hostKey(type)));
        assertThat(gateway.ssh("alice+web-1", "echo hi").run().stdout()).isEqualTo("hi\n");
      }
    }
  }

  @Test
  void aFirstKeyIsLearnedAndAChangedOneStopsTheConnection() {
    try (OpenSshServer server = OpenSshServer.builder().start()) {
      gateway.target("web-1", server.address(), server, Set.of("root"), List.of());
      assertThat(gateway.ssh("alice+web-1", "echo hi").run().stdout()).isEqualTo("hi\n");
      assertThat(gateway.learned).hasSize(1);
      gateway.sessions.clear();

      server.changeHostKeys();

      assertThat(failing().stderr())
          .contains("host key of web-1 is not the one that is known")
          .contains("Tell an administrator")
          .doesNotContain("known_hosts");
      endedAsFailed();
      assertThat(server.log()).doesNotContain("Accepted publickey");
    }
  }

  @Test
  void aTargetThatIsDownIsNamed() {
    try (OpenSshServer server = OpenSshServer.builder().start()) {
      gateway.target(
          "web-1", "127.0.0.1:" + Ports.free(), server, Set.of("root"), server.hostKeys());
      assertThat(failing().stderr()).contains("web-1 cannot be reached: nothing accepts");
      endedAsFailed();
    }
  }

  @Test
  void aTargetWithoutAnAddressIsNamed() {
    try (OpenSshServer server = OpenSshServer.builder().start()) {
      gateway.target("web-1", "no-such-host.invalid:22", server, Set.of("root"), server.hostKeys());
      assertThat(failing().stderr()).contains("its host name has no address");
    }
  }

  @Test
  void aTargetAtAnAddressWhereNoneMayLieIsNotDialled() {
    try (OpenSshServer server = OpenSshServer.builder().start()) {
      gateway.target(
          "web-1", "[::ffff:169.254.169.254]:80", server, Set.of("root"), server.hostKeys());
      assertThat(failing().stderr()).contains("a link-local, multicast or metadata one");
      endedAsFailed();
    }
  }

  @Test
  void aTargetThatSaysNothingIsGivenUp() throws IOException {
    gateway.close();
    start(Duration.ofSeconds(3));
    try (OpenSshServer server = OpenSshServer.builder().start();
        ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      gateway.target(
          "web-1", "127.0.0.1:" + silent.getLocalPort(), server, Set.of("root"), server.hostKeys());
      assertThat(failing().stderr()).contains("web-1 did not answer within 3 seconds");
      endedAsFailed();
    }
  }

  @Test
  void aWrongCredentialIsToldAndNotTriedAgain() {
    SshKey wrong = SshKey.generate(gateway.folder.resolve("wrong"), "ed25519", "wrong");
    try (OpenSshServer server = OpenSshServer.builder().start()) {
      gateway.target("web-1", server);
      gateway.secret("web-1", "root", SecretKind.PRIVATE_KEY, wrong.privateKeyText());
      assertThat(failing().stderr())
          .contains("web-1 did not accept the credential kept for account root");
      endedAsFailed();
    }
  }

  @Test
  void aMissingAndABrokenCredentialAreTold() {
    try (OpenSshServer server = OpenSshServer.builder().start()) {
      gateway.target("web-1", server);
      gateway.secret("web-1", "root", SecretKind.PRIVATE_KEY, "nonsense");
      assertThat(failing().stderr()).contains("no usable credential for account root on web-1");
      gateway.forgetSecrets();
      assertThat(failing().stderr()).contains("no usable credential for account root on web-1");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "KexAlgorithms diffie-hellman-group14-sha1|diffie-hellman-group14-sha1 for key exchange",
        "Ciphers aes128-cbc|aes128-cbc for encryption",
        "Ciphers aes128-ctr\nMACs hmac-sha1|hmac-sha1 for integrity (MAC)",
        "HostKeyAlgorithms ssh-rsa|ssh-rsa for host keys",
      })
  void anOldTargetIsRefusedAndTheAlgorithmNamed(String line) {
    String[] parts = line.split("\\|", -1);
    try (OpenSshServer server = OpenSshServer.builder().configure(parts[0]).start()) {
      gateway.target("web-1", server);
      assertThat(failing().stderr()).contains("web-1 offers only " + parts[1]);
      endedAsFailed();
    }
  }

  @Test
  void aTargetThatIsGoneInTheMiddleIsTold() {
    try (OpenSshServer server = OpenSshServer.builder().start();
        SshGateway _ = gateway.target("web-1", server);
        RunningProgram ssh =
            gateway
                .ssh(
                    "alice+web-1",
                    "echo started; cat /dev/zero | head -c 30000000 | wc -c; sleep 100")
                .start()) {
      ssh.awaitOutput("30000000", Deadlines.ACTION);
      ProcessHandle.of(server.process().pid())
          .orElseThrow()
          .descendants()
          .forEach(ProcessHandle::destroyForcibly);
      CompletedProgram done = ssh.await(Deadlines.ACTION);
      assertThat(done.exit()).isEqualTo(255);
      assertThat(done.stderr()).contains("The connection to web-1 was lost");
      Deadlines.await("the session has ended", () -> gateway.session().state != null);
      assertThat(gateway.session().channels.getFirst().closed).isTrue();
    }
  }

  @Test
  void aClientThatIsGoneInTheMiddleEndsTheSession() {
    try (OpenSshServer server = OpenSshServer.builder().start()) {
      gateway.target("web-1", server);
      try (RunningProgram ssh = gateway.ssh("alice+web-1", "echo started; sleep 100").start()) {
        ssh.awaitOutput("started", Deadlines.ACTION);
        ssh.signal("KILL");
      }
      Deadlines.await("the session has ended", () -> gateway.session().state == SessionState.ENDED);
      assertThat(gateway.session().channels.getFirst().closed).isTrue();
      Deadlines.await(
          "the target's side is closed",
          () -> ProcessHandle.of(server.process().pid()).orElseThrow().descendants().count() == 0);
    }
  }
}
