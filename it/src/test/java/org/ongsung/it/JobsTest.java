package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.Ports;
import tools.jackson.databind.JsonNode;

/// Jobs that the worker in a gateway does, against real targets.
class JobsTest {
  private static final String WRONG = "s3cret-that-opens-nothing";

  private static OpenSshServer sshd;
  private static Installation gate;

  @BeforeAll
  static void start() {
    sshd = OpenSshServer.builder().start();
    gate = Installation.start("jobs:", "  lease: 10s");
    gate.apply(
        """
        targets:
        %s
              - name: refused
                login: %s
                password: {plain: "%s"}
              - name: bare
          - name: old
            protocol: telnet
            address: 127.0.0.1:%d
            accounts:
              - name: worker
          - name: nobody-there
            protocol: ssh
            address: 127.0.0.1:%d
            hostKeys: trust-on-first-use
          - name: another
            protocol: ssh
            address: %s
            hostKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJpFXN3e8wyQrLBGuLWXcCV4GDUkrjcaSZbBaJEBrYJM"]
            accounts:
              - name: worker
                password: {plain: "of no use"}
        users:
          - name: alice
            roles: [user]
            password: {plain: "correct horse battery"}
        grants:
          - name: alice-on-all
            who: {users: [alice]}
            where: {targets: [web-1, another]}
            as: [worker]
            may: [shell]
        """
            .formatted(
                Installation.target("web-1", sshd).stripTrailing(),
                sshd.user(),
                WRONG,
                Ports.free(),
                Ports.free(),
                sshd.address()));
  }

  @AfterAll
  static void stop() {
    gate.close();
    sshd.close();
  }

  private static JsonNode probed(String target) {
    return done("probe", target);
  }

  private static JsonNode done(String kind, String target) {
    JsonNode asked =
        gate.api(
            "POST",
            "/api/v1/jobs",
            ("{\"kind\": \"" + kind + "\", \"parameters\": {\"target\": \"") + target + "\"}}");
    return gate.awaitJob(asked.path("id").asString(""));
  }

  @Test
  @Tag("long")
  void everyCommandOfTheGuideWorksAsWritten() throws Exception {
    String printed =
        GuideScript.of("docs/guide/jobs.md", gate.folder())
            .after("export ONGSUNG_CONFIG='" + gate.config() + "'\n")
            .replacing("https://gate.example.com", "http://127.0.0.1:" + gate.httpPort())
            .run()
            .stdout();
    assertThat(printed)
        .contains("done reachable in ")
        .contains("nightly next at ")
        .contains("session,user,target,account")
        .contains("worker branch at http")
        .contains("nightly is deleted");
    try (var backups = java.nio.file.Files.list(gate.data().resolve("backups"))) {
      assertThat(backups).hasSize(1);
    }
  }

  @Test
  void aGatewayThatIsKilledTakesItsOwnJobsUpAgain() throws Exception {
    try (Installation killed = Installation.start("jobs:", "  lease: 10s");
        ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      killed.apply(
          "targets:\n  - name: silent\n    protocol: ssh\n    hostKeys: trust-on-first-use\n"
              + "    address: 127.0.0.1:"
              + silent.getLocalPort()
              + "\n");
      String id =
          killed
              .api(
                  "POST",
                  "/api/v1/jobs",
                  "{\"kind\": \"probe\", \"parameters\": {\"target\": \"silent\"}}")
              .path("id")
              .asString("");
      Deadlines.await(
          "the job runs",
          () ->
              killed
                  .api("GET", "/api/v1/jobs/" + id, "")
                  .path("state")
                  .asString("")
                  .equals("running"));
      killed.server().signal("KILL");
      killed.stop();
      silent.close();
      killed.serve();
      JsonNode job = killed.awaitJob(id);
      assertThat(job.path("state").asString("")).isEqualTo("done");
      assertThat(job.path("attempt").asInt(0)).isEqualTo(2);
    }
  }

  @Test
  void theLoginsOfATargetAreTriedAndNoSecretIsTold() {
    JsonNode job = done("login", "web-1");
    assertThat(logins(job))
        .containsExactly("worker accepted", "refused refused", "bare no-credential");
    String id = job.path("id").asString("");
    assertThat(job + gate.text("/api/v1/jobs/" + id + "/log") + gate.text("/jobs/" + id))
        .doesNotContain(WRONG);
    assertThat(gate.text("/targets/web-1")).contains("can log in").contains("no credential");
    assertThat(gate.ledger("code=account.tried"))
        .filteredOn(event -> event.path("details").path("job").asString("").equals(id))
        .extracting(event -> event.path("details").path("account").asString(""))
        .containsExactlyInAnyOrder("worker", "refused", "bare");
  }

  @Test
  void noCredentialGoesToATargetThatProvesAnotherKeyOrNoneThatIsKnown() {
    for (String target : new String[] {"another", "old"}) {
      JsonNode job = done("login", target);
      assertThat(logins(job)).as(job.toString()).containsExactly("worker not-tried");
    }
  }

  private static java.util.List<String> logins(JsonNode job) {
    return job.path("result")
        .path("accounts")
        .valueStream()
        .map(one -> one.path("account").asString("") + " " + one.path("login").asString(""))
        .toList();
  }

  @Test
  void aProbeSeesATargetAndItsHostKey() {
    JsonNode job = probed("web-1");
    assertThat(job.path("state").asString("")).as(job.toString()).isEqualTo("done");
    JsonNode result = job.path("result");
    assertThat(result.path("reachable").asBoolean()).isTrue();
    assertThat(result.path("hostKey").asString("")).isEqualTo("matches");
    assertThat(result.path("software").asString("")).startsWith("SSH-2.0-OpenSSH");
    assertThat(result.path("fingerprint").asString("")).startsWith("SHA256:");
  }

  @Test
  void aProbeSeesThatAHostKeyChanged() {
    assertThat(probed("another").path("result").path("hostKey").asString("")).isEqualTo("changed");
    assertThat(probed("another").path("result").path("hostKey").asString("")).isEqualTo("changed");
    JsonNode told =
        gate.api("GET", "/api/v1/ledger?code=hostkey.mismatch&subject=another&actor=system", "");
    assertThat(told.path("entries")).as("told once: " + told).hasSize(1);
  }

  @Test
  void aTargetThatIsNotThereIsAnAnswer() {
    JsonNode job = probed("nobody-there");
    assertThat(job.path("state").asString("")).isEqualTo("done");
    assertThat(job.path("result").path("reachable").asBoolean(true)).isFalse();
    assertThat(job.path("summary").asString("")).contains("refuses connections");
  }

  @Test
  void aTargetThatIsNotRegisteredIsNotDialled() {
    JsonNode job = probed("unknown");
    assertThat(job.path("state").asString("")).isEqualTo("error");
    assertThat(job.path("summary").asString("")).isEqualTo("there is no target unknown");
  }

  private static String connected(String target) {
    String alice = gate.tokenOf("alice", "correct horse battery");
    JsonNode asked =
        gate.apiAs(
            alice,
            "POST",
            "/api/v1/me/connections",
            "{\"target\": \"" + target + "\", \"account\": \"worker\"}");
    String path = "/api/v1/me/connections/" + asked.path("id").asString("") + "?wait=true";
    return gate.apiAs(alice, "GET", path, "").path("state").asString("");
  }

  @Test
  void whoeverConnectsIsToldWhetherTheTargetAnswersWithItsOwnKey() {
    assertThat(connected("web-1")).isEqualTo("ready");
    assertThat(connected("another")).isEqualTo("host-key-changed");
  }
}
