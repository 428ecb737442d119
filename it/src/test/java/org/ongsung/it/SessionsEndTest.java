package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.RunningProgram;
import org.ongsung.testkit.SshKey;
import tools.jackson.databind.JsonNode;

/// Live shells that the gateway ends, each for its own reason: the person reads why, and the ledger
/// tells it.
class SessionsEndTest {
  private static final String WHERE = "alice+web-1@127.0.0.1";
  private static final String WITHDRAWN = "Your access to this target was withdrawn";

  private static final Duration ENOUGH_TO_OPEN = Deadlines.ofUsual(Duration.ofSeconds(2));

  private static OpenSshServer sshd;
  private static Installation gate;
  private static SshKey key;

  @BeforeAll
  static void startEverything() {
    sshd = OpenSshServer.builder().start();
    gate = Installation.start("drain: 10s");
    key = gate.key("alice", "ed25519");
  }

  @AfterAll
  static void stopEverything() {
    gate.close();
    sshd.close();
  }

  @BeforeEach
  void letAliceIn() {
    gate.apply(everybody() + grant("shell", Instant.now().plusSeconds(3_600)));
  }

  @Test
  void pruningItsGrantEndsAShell() {
    try (RunningProgram shell = openShell()) {
      String id = liveSession();
      gate.program("apply", "--prune", "-f", gate.write("pruned.yaml", everybody()).toString())
          .run()
          .expectSuccess();
      tellDelay("grant.deleted", assertEnded(shell, WITHDRAWN, id, "revoked"));
    }
  }

  @Test
  void aGrantThatNoLongerAllowsItEndsAShell() {
    try (RunningProgram shell = openShell()) {
      String id = liveSession();
      gate.apply(everybody() + grant("sftp", Instant.now().plusSeconds(3_600)));
      assertEnded(shell, WITHDRAWN, id, "revoked");
    }
  }

  @Test
  void disablingItsUserEndsAShell() {
    try (RunningProgram shell = openShell()) {
      String id = liveSession();
      gate.ongsung("user", "set", "alice", "--no-active");
      tellDelay("user.changed", assertEnded(shell, WITHDRAWN, id, "revoked"));
      assertThat(gate.client(key).ssh(WHERE, "true").run().exit()).isEqualTo(255);
    }
  }

  @Test
  void theEndOfItsGrantEndsAShell() {
    Instant until = Instant.now().plus(ENOUGH_TO_OPEN);
    gate.api(
        "PUT",
        "/api/v1/grants/alice-on-web",
        """
        {"name": "alice-on-web", "who": {"users": ["alice"]}, "where": {"targets": ["web-1"]},
         "as": ["worker"], "may": ["shell"], "until": "%s"}
        """
            .formatted(until));
    try (RunningProgram shell = openShell()) {
      String id = liveSession();
      tellDelay(
          "until",
          until,
          assertEnded(shell, "The time of the grant for this session is over.", id, "grant-ended"));
    }
  }

  @Test
  void anAdministratorEndsAShellWithAReason() {
    try (RunningProgram shell = openShell()) {
      String id = liveSession();
      gate.ongsung("session", "terminate", id, "--reason", "점검 starts");
      JsonNode event = assertEnded(shell, "점검 starts", id, "administrator");
      assertThat(event.path("actor").asString("")).isEqualTo("local-admin");
      assertThat(gate.json("session", "show", id).path("session").path("reason").asString(""))
          .contains("점검 starts");
    }
  }

  @Test
  void aSignalledStopTellsPeopleWaitsAndEndsThemRecorded() {
    String id;
    try (RunningProgram shell = openShell()) {
      id = liveSession();
      gate.server().signal("TERM");
      shell.awaitOutput("This gateway stops in 10 seconds", Deadlines.ACTION);
      shell.type("echo still-$((40+2))\n").awaitOutput("still-42", Deadlines.ACTION);
      assertThat(shell.await(Deadlines.SERVICE).stdout()).contains("This gateway stops now.");
      assertThat(gate.server().await(Deadlines.SERVICE).exit()).isZero();
    } finally {
      if (!gate.server().alive()) {
        gate.serve();
      }
    }
    assertThat(gate.ledger("code=session.terminated&session=" + id))
        .singleElement()
        .extracting(event -> event.path("details").path("cause").asString(""))
        .isEqualTo("gateway-stop");
    assertThat(gate.ongsung("replay", id, "--no-timing")).contains("still-42");
    assertThat(gate.ledger("code=server.stop")).isNotEmpty();
  }

  private RunningProgram openShell() {
    RunningProgram shell = gate.client(key).sshOnTerminal("-tt", WHERE).start();
    shell.type("echo open-$((40+2))\n").awaitOutput("open-42", Deadlines.ACTION);
    return shell;
  }

  private static String liveSession() {
    List<JsonNode> live = gate.sessions("state=live");
    assertThat(live).hasSize(1);
    return live.getFirst().path("id").asString("");
  }

  private static JsonNode assertEnded(
      RunningProgram shell, String message, String id, String cause) {
    assertThat(shell.await(Deadlines.ACTION).stdout()).contains(message);
    assertThat(gate.awaitEnd("target=web-1").path("id").asString("")).isEqualTo(id);
    List<JsonNode> events = gate.ledger("code=session.terminated&session=" + id);
    assertThat(events).hasSize(1);
    assertThat(events.getFirst().path("details").path("cause").asString("")).isEqualTo(cause);
    assertThat(gate.sessions("state=live")).isEmpty();
    return events.getFirst();
  }

  /// Prints how long after the newest event of a code a session has ended; five seconds are
  /// allowed.
  private static void tellDelay(String code, JsonNode ended) {
    tellDelay(code, at(gate.ledger("code=" + code).getFirst()), ended);
  }

  private static void tellDelay(String cause, Instant since, JsonNode ended) {
    Duration delay = Duration.between(since, at(ended));
    System.out.printf("a shell has ended %,d ms after %s%n", delay.toMillis(), cause);
    assertThat(delay).isLessThan(Deadlines.ofUsual(Duration.ofSeconds(5)));
  }

  private static Instant at(JsonNode event) {
    return OffsetDateTime.parse(event.path("at").asString("")).toInstant();
  }

  private static String everybody() {
    return """
        users:
          - name: alice
            roles: [user]
            active: true
            publicKeys: ["%s"]
        targets:
        %s
        """
        .formatted(key.publicLine(), Installation.target("web-1", sshd));
  }

  private static String grant(String may, Instant until) {
    return """
        grants:
          - name: alice-on-web
            who: {users: [alice]}
            where: {targets: [web-1]}
            as: [worker]
            may: [%s]
            until: %s
        """
        .formatted(may, until);
  }
}
