package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.SshKey;

/// The access file with every key it knows: applied, applied again, exported and applied back.
class AccessFileTest {
  private static final String WHERE = "alice+worker+web-1@127.0.0.1";
  private static final String ALICES_PASSWORD = "correct horse, 한글 battery";

  private static OpenSshServer sshd;
  private static Installation gate;
  private static SshKey key;

  @BeforeAll
  static void startEverything() {
    sshd = OpenSshServer.builder().start();
    gate = Installation.start();
    key = gate.key("alice", "ed25519");
    gate.write("keys/web-1", sshd.clientKey().privateKeyText());
    gate.write("secrets/db", "a password\n");
  }

  @AfterAll
  static void stopEverything() {
    gate.close();
    sshd.close();
  }

  @BeforeEach
  void applyIt() {
    gate.apply(everything());
  }

  @Test
  void itAppliesOnceAndThenThereIsNothingToDo() {
    assertThat(gate.apply(everything()).stdout()).isEqualTo("nothing to change\n");
    assertThat(gate.logIn("alice", ALICES_PASSWORD)).isEqualTo(200);
    assertThat(gate.logIn("carol", "password")).isEqualTo(200);
    assertThat(gate.logIn("bob", "")).isNotEqualTo(200);
    assertReached();
  }

  @Test
  void anExportHoldsNoSecretAndApplyingItKeepsThem() {
    String exported = gate.ongsung("export");
    assertThat(exported)
        .contains("김앨리스", "idle: 30m", "duration: 8h", "sessions: 10", "127.0.0.0/8")
        .contains("2030-01-01T00:00:00+09:00", "trust-on-first-use", "login: \"운영 admin\"")
        .doesNotContain(ALICES_PASSWORD, "a password", "another one", "PRIVATE KEY", "argon2id");
    assertThat(gate.apply(exported).stdout()).isEqualTo("nothing to change\n");
    assertThat(gate.ongsung("export")).isEqualTo(exported);
    assertThat(gate.logIn("alice", ALICES_PASSWORD)).isEqualTo(200);
    assertReached();
  }

  @Test
  void aDryRunShowsTheDifferenceAndChangesNothing() {
    String before = gate.ongsung("export");
    Path file =
        gate.write(
            "dry.yaml", "users:\n  - name: mallory\n    roles: [admin]\n    groups: [ops]\n");
    CompletedProgram dry =
        gate.program("apply", "--dry-run", "--prune", "-f", file.toString()).run().expectSuccess();
    assertThat(dry.stdout())
        .contains("+ user mallory", "- user alice", "- target web-1", "- grant ops-on-prod")
        .contains("nothing was changed");
    assertThat(gate.ongsung("export")).isEqualTo(before);
  }

  @Test
  void whatIsWrongIsNamedWithItsLineAndNothingIsChanged() {
    String before = gate.ongsung("export");
    assertThat(refused("users:\n  - name: [unclosed\n")).contains("broken.yaml:");
    assertThat(refused("users:\n  - name: dave\n    rolls: [user]\n"))
        .contains("broken.yaml:3:5")
        .contains("rolls");
    assertThat(refused("users:\n  - name: dave\n    roles: [user]\n  - name: Not A Name\n"))
        .contains("broken.yaml:4:");
    assertThat(refused("users:\n  - name: dave\n    roles: [user]\n    active: perhaps\n"))
        .contains("broken.yaml:4:");
    assertThat(gate.ongsung("export")).isEqualTo(before);
  }

  @Test
  void aKeyFileThatOthersMayReadIsRefused() throws IOException {
    Path open = gate.write("keys/open", sshd.clientKey().privateKeyText());
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
    String refusal =
        refused(
            """
            targets:
              - name: web-9
                protocol: ssh
                address: 127.0.0.1:22
                hostKeys: trust-on-first-use
                accounts:
                  - name: root
                    privateKeyFile: keys/open
            """);
    assertThat(refusal).contains("broken.yaml:8:").contains("keys/open").contains("chmod 600");
  }

  @Test
  void pruningLeavesTheLastAdminAndTakesTheRest() {
    Path file = gate.write("nobody.yaml", "users: []\n");
    CompletedProgram pruned =
        gate.program("apply", "--prune", "-f", file.toString()).run().expectSuccess();
    assertThat(pruned.stdout()).contains("- user alice").contains("admin is kept");
    assertThat(gate.api("GET", "/api/v1/export", "").path("users").valueStream())
        .singleElement()
        .extracting(user -> user.path("name").asString(""))
        .isEqualTo("admin");
    assertThat(gate.client(key).ssh(WHERE, "true").run().exit()).isEqualTo(255);
  }

  private static void assertReached() {
    assertThat(gate.client(key).ssh(WHERE, "echo here").run().expectSuccess().stdout())
        .isEqualTo("here\n");
  }

  private static String refused(String yaml) {
    Path file = gate.write("broken.yaml", yaml);
    CompletedProgram refused = gate.program("apply", "-f", file.toString()).run().expectExit(2);
    assertThat(refused.stderr()).doesNotContain("Exception");
    return refused.stderr();
  }

  /// The file of the documentation with other values, and every other key.
  private static String everything() {
    return """
        users:
          - name: alice
            title: 김앨리스
            roles: [user]
            groups: [ops]
            password: {plain: "%s"}
            publicKeys: ["%s"]
          - name: carol
            title: Carol
            roles: [auditor, user]
            # what the reference implementation makes of "password" and the salt "somesalt"
            password: {argon2id: "%s"}
          - name: bob
            roles: [user]
            active: false
        groups:
          - name: ops
            title: 운영팀
        targets:
          - name: web-1
            title: 웹 서버
            protocol: ssh
            address: %s
            labels: {env: prod, tier: web}
            hostKeys: ["%s"]
            accounts:
              - name: worker
                login: %s
                privateKeyFile: keys/web-1
          - name: db-1
            protocol: ssh
            address: db.example.org:2022
            labels: {env: prod}
            hostKeys: trust-on-first-use
            accounts:
              - name: root
                passwordFile: secrets/db
              - name: admin
                login: 운영 admin
                password: {plain: "another one"}
        grants:
          - name: ops-on-prod
            who: {groups: [ops], users: [carol]}
            where: {labels: {env: prod}, targets: [db-1]}
            as: [worker, root]
            may: [shell, exec, sftp, local-forward, remote-forward, agent-forward, x11]
            from: [127.0.0.0/8]
            until: 2030-01-01T00:00:00+09:00
            limits: {idle: 30m, duration: 8h, sessions: 10}
        """
        .formatted(
            ALICES_PASSWORD,
            key.publicLine(),
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ"
                + "$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            sshd.address(),
            sshd.hostKey("ed25519"),
            sshd.user());
  }
}
