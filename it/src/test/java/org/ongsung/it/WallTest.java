package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.SshKey;
import tools.jackson.databind.JsonNode;

/// The wall of a gateway that runs: its guide, what it remembers of real sessions, and a target
/// that is registered by going there.
@Tag("long")
class WallTest {
  private static final String PASSWORD = "correct horse battery";

  private static OpenSshServer sshd;
  private static Installation gate;
  private static SshKey key;

  @BeforeAll
  static void start() {
    sshd = OpenSshServer.builder().start();
    gate = Installation.start("adhoc:", "  networks: [127.0.0.0/8]", "  like: lab");
    key = gate.key("alice", "ed25519");
    gate.write("lab-key", sshd.clientKey().privateKeyText());
    gate.apply(
        """
        targets:
          - name: lab
            protocol: ssh
            address: 192.0.2.1:22
            labels: {zone: lab}
            hostKeys: trust-on-first-use
            accounts:
              - {name: worker, login: %s, privateKeyFile: lab-key}
              - {name: secretive, password: {plain: "never lent"}}
        users:
          - {name: alice, roles: [user], password: {plain: "%s"}, publicKeys: ["%s"]}
          - {name: bob, roles: [user], password: {plain: "%s"}}
        grants:
          - name: lab
            who: {users: [alice]}
            where: {labels: {zone: lab}}
            as: [worker, secretive]
            may: [shell, exec]
        """
            .formatted(sshd.user(), PASSWORD, key.publicLine(), PASSWORD));
  }

  @AfterAll
  static void stop() {
    gate.close();
    sshd.close();
  }

  @Test
  void everyCommandOfTheGuideWorksAsWritten() throws Exception {
    String printed =
        GuideScript.of("docs/guide/wall.md", gate.folder())
            .after("export LC_ALL=C.UTF-8 ONGSUNG_CONFIG='" + gate.config() + "'\n")
            .run()
            .stdout();
    assertThat(printed)
        .contains("dry run, nothing was changed: 2 to create")
        .contains("applied: 2 created")
        .contains("nothing to change")
        .contains("applied: 3 created")
        .contains("web02.example.com")
        .contains("db-1");
    assertThat(gate.json("target", "show", "web-8").toString())
        .contains("웹 서버, 8호", "www-data", "\"team\":\"web\"");
  }

  @Test
  void aTargetIsRegisteredByGoingThereAndTheWallKnowsItAfterwards() {
    String bob = gate.tokenOf("bob", PASSWORD);
    String address = "{\"address\": \"localhost:" + sshd.port() + "\"}";
    assertThat(gate.apiAs(bob, "POST", "/api/v1/me/quick", address).path("targets")).isEmpty();

    String alice = gate.tokenOf("alice", PASSWORD);
    JsonNode found = gate.apiAs(alice, "POST", "/api/v1/me/quick", address);
    assertThat(found.path("registered").asBoolean(false)).isTrue();
    String target = found.path("targets").path(0).asString("");
    assertThat(target).isEqualTo("adhoc-127.0.0.1-" + sshd.port());

    assertThat(
            gate.client(key)
                .ssh("alice+" + target + "@127.0.0.1", "echo", "here")
                .run()
                .expectSuccess()
                .stdout())
        .isEqualTo("here\n");

    JsonNode recent = gate.apiAs(alice, "GET", "/api/v1/me/wall", "").path("recent").path(0);
    assertThat(recent.path("target").asString("")).isEqualTo(target);
    assertThat(recent.path("sessions").asInt(0)).isEqualTo(1);
    assertThat(gate.ledger("code=target.created&actor=alice")).hasSize(1);
    assertThat(gate.ledger("code=access.denied&actor=bob")).hasSize(1);
    JsonNode made = gate.json("target", "show", target);
    assertThat(made.toString()).contains("\"adhoc-by\":\"alice\"").doesNotContain("secretive");
  }
}
