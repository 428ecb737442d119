package org.ongsung.protocols.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.sshd.common.SshConstants;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.SshKey;

/// Faults of other gateways: a key that was only offered, an identity swapped in the middle of the
/// login.
class SshAuthenticationRegressionTest {
  private static OpenSshServer server;
  private SshGateway gateway;

  @BeforeAll
  static void startTarget() {
    server = OpenSshServer.builder().start();
  }

  @AfterAll
  static void stopTarget() {
    server.close();
  }

  @BeforeEach
  void start() {
    gateway = new SshGateway().target("web-1", server);
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private static String failure(RawSshClient client) throws InterruptedException {
    return client.next(SshConstants.SSH_MSG_USERAUTH_FAILURE).getString();
  }

  @Test
  @DisplayName("A key that is offered and not signed with logs nobody in (CVE-2023-43660)")
  void anOfferedKeyLogsNobodyIn() throws Exception {
    SshKey mallory = SshKey.generate(gateway.folder.resolve("mallory"), "ed25519", "mallory");
    try (RawSshClient client = new RawSshClient(gateway.port())) {
      client.offer("alice+web-1", gateway.alice);
      client.next(SshConstants.SSH_MSG_USERAUTH_PK_OK);
      client.sign("alice+web-1", mallory, mallory);
      assertThat(failure(client)).contains("publickey");
      client.sign("alice+web-1", gateway.alice, mallory);
      assertThat(failure(client)).contains("publickey");
      assertThat(client.session().isAuthenticated()).isFalse();
    }
    assertThat(gateway.authenticator.asked).noneMatch(a -> a.startsWith("key alice " + print()));
    assertThat(gateway.sessions).isEmpty();
  }

  private String print() {
    return org.ongsung.model.SshPublicKey.parse(gateway.alice.publicLine()).fingerprint();
  }

  @Test
  @DisplayName("The key that counts is the one whose signature verified, not the last one seen")
  void theProvenKeyCounts() throws Exception {
    SshKey other = SshKey.generate(gateway.folder.resolve("other"), "ed25519", "other");
    gateway.user("alice", gateway.alice.publicLine(), other.publicLine());
    try (RawSshClient client = new RawSshClient(gateway.port())) {
      client.offer("alice+web-1", other);
      client.next(SshConstants.SSH_MSG_USERAUTH_PK_OK);
      client.sign("alice+web-1", gateway.alice, gateway.alice);
      client.next(SshConstants.SSH_MSG_USERAUTH_SUCCESS);
    }
    assertThat(gateway.authenticator.asked).contains("key alice " + print());
  }

  @Test
  @DisplayName("Another user name after the first attempt ends the connection (CVE-2023-48712)")
  void theUserNameMayNotChange() throws Exception {
    try (RawSshClient client = new RawSshClient(gateway.port())) {
      client.password("admin+web-1", "wrong");
      failure(client);
      client.password("alice+web-1", SshGateway.PASSWORD);
      client.awaitClosed();
      assertThat(client.disconnect()).contains("user name may not change");
    }
    assertThat(gateway.sessions).isEmpty();
    assertThat(gateway.authenticator.asked).doesNotContain("password alice");
  }

  @Test
  @DisplayName("An answer to a question that was not asked, or is over, ends the connection")
  void answersNeedQuestions() throws Exception {
    try (RawSshClient client = new RawSshClient(gateway.port())) {
      client.password("alice+web-1", "wrong");
      failure(client);
      client.send(
          SshConstants.SSH_MSG_USERAUTH_INFO_RESPONSE,
          packet -> {
            packet.putInt(1);
            packet.putString(SshGateway.PASSWORD);
          });
      client.awaitClosed();
    }
    assertThat(gateway.sessions).isEmpty();
  }

  @Test
  @DisplayName("Nothing of the connection protocol is heard before the login")
  void noChannelsBeforeTheLogin() throws Exception {
    try (RawSshClient client = new RawSshClient(gateway.port())) {
      client.password("alice+web-1", "wrong");
      failure(client);
      client.send(
          SshConstants.SSH_MSG_CHANNEL_OPEN,
          packet -> {
            packet.putString("session");
            packet.putUInt(0);
            packet.putUInt(1000);
            packet.putUInt(1000);
          });
      client.awaitClosed();
    }
    try (RawSshClient client = new RawSshClient(gateway.port())) {
      client.send(
          SshConstants.SSH_MSG_SERVICE_REQUEST, packet -> packet.putString("ssh-connection"));
      client.awaitClosed();
    }
    assertThat(gateway.sessions).isEmpty();
  }

  @Test
  @DisplayName("A second connection service after the login is refused")
  void oneServiceOnly() throws Exception {
    try (RawSshClient client = new RawSshClient(gateway.port()).login("alice+web-1")) {
      client.send(
          SshConstants.SSH_MSG_SERVICE_REQUEST, packet -> packet.putString("ssh-connection"));
      client.awaitClosed();
    }
  }

  @Test
  @DisplayName("Failed attempts are counted, and at the limit the connection ends")
  void tooManyFailures() throws Exception {
    try (RawSshClient client = new RawSshClient(gateway.port())) {
      for (int i = 1; i < SshLimits.DEFAULT.maxFailedLogins(); i++) {
        client.password("alice+web-1", "wrong");
        failure(client);
      }
      client.password("alice+web-1", "wrong");
      client.awaitClosed();
      assertThat(client.disconnect()).contains("too many failed logins");
    }
  }

  @Test
  @DisplayName("One failure below the limit still lets the right password in")
  void oneBelowTheLimit() throws Exception {
    try (RawSshClient client = new RawSshClient(gateway.port())) {
      for (int i = 1; i < SshLimits.DEFAULT.maxFailedLogins(); i++) {
        client.password("alice+web-1", "wrong");
        failure(client);
      }
      client.login("alice+web-1");
    }
  }

  @Test
  @DisplayName("Whoever is blocked is told when to come back")
  void blocked() throws Exception {
    gateway.authenticator.blocked = true;
    try (RawSshClient client = new RawSshClient(gateway.port())) {
      client.password("alice+web-1", SshGateway.PASSWORD);
      client.awaitClosed();
      assertThat(client.disconnect()).contains("try again in 30 seconds");
    }
  }

  @Test
  @DisplayName("A password and keyboard-interactive let in, each by itself")
  void passwordAndKeyboardInteractive() throws Exception {
    try (RawSshClient client = new RawSshClient(gateway.port())) {
      client.login("alice+web-1");
    }
    try (RawSshClient client = new RawSshClient(gateway.port())) {
      client.send(
          SshConstants.SSH_MSG_USERAUTH_REQUEST,
          packet -> {
            packet.putString("alice+web-1");
            packet.putString("ssh-connection");
            packet.putString("keyboard-interactive");
            packet.putString("");
            packet.putString("");
          });
      client.next(SshConstants.SSH_MSG_USERAUTH_INFO_REQUEST);
      client.send(
          SshConstants.SSH_MSG_USERAUTH_INFO_RESPONSE,
          packet -> {
            packet.putInt(1);
            packet.putString(SshGateway.PASSWORD);
          });
      client.next(SshConstants.SSH_MSG_USERAUTH_SUCCESS);
    }
  }
}
