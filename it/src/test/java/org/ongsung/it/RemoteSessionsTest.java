package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.CuttableProxy;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.OpenSshClient;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.Program;
import org.ongsung.testkit.RunningProgram;
import org.ongsung.testkit.ScriptedSwitch;
import org.ongsung.testkit.SshKey;
import tools.jackson.databind.JsonNode;

/// Sessions to targets that only a worker in another process reaches: their host name has an
/// address for the worker alone.
class RemoteSessionsTest {
  private static final String INSIDE = "web-1.inside.invalid";
  private static final String PASSWORD = "s3cret-of-the-switch";
  private static final int TRANSFER_BYTES = 24 << 20;

  private static OpenSshServer sshd;
  private static ScriptedSwitch telnet;
  private static Installation gate;
  private static CuttableProxy between;
  private static OpenSshClient client;

  @BeforeAll
  static void startEverything() {
    sshd = OpenSshServer.builder().start();
    telnet = ScriptedSwitch.start(RemoteSessionsTest::play);
    gate = Installation.start("jobs:", "  lease: 10s");
    between = CuttableProxy.start(gate.httpPort());
    gate.jvm("-Djdk.net.hosts.file=" + gate.write("hosts", "127.0.0.1 " + INSIDE + "\n"));
    SshKey key = gate.key("alice", "ed25519");
    client = gate.client(key);
    gate.apply(
        """
        users:
          - name: alice
            roles: [user]
            publicKeys: ["%s"]
        targets:
        %s
        %s
        %s
          - name: switch
            protocol: telnet
            address: %s
            labels: {worker: far}
            accounts:
              - name: worker
                password: {plain: "%s"}
        grants:
          - name: alice-everywhere
            who: {users: [alice]}
            where: {targets: [web-1, forbidden, alone, switch]}
            as: [worker]
            may: [shell, exec, sftp]
        """
            .formatted(
                key.publicLine(),
                target("web-1", "far"),
                target("forbidden", "near"),
                target("alone", "nobody"),
                telnet.address().replace("127.0.0.1", INSIDE),
                PASSWORD));
  }

  private static String target(String name, String worker) {
    return Installation.target(name, sshd)
        .replace("env: test", "worker: " + worker)
        .replace("127.0.0.1:", INSIDE + ":")
        .stripTrailing();
  }

  private static void play(ScriptedSwitch.Wire wire) throws IOException {
    wire.say("login: ");
    String name = wire.line();
    wire.say(name + "\r\nPassword: ");
    String word = wire.line();
    wire.say(PASSWORD.equals(word) ? "\r\nswitch> " : "\r\nLogin incorrect\r\n");
    for (String line = wire.line(); line != null; line = wire.line()) {
      if (line.equals("exit")) {
        return;
      }
      wire.say(line + "\r\nyou said " + line + "\r\nswitch> ");
    }
  }

  @AfterAll
  static void stopEverything() {
    between.close();
    gate.close();
    telnet.close();
    sshd.close();
  }

  private static RunningProgram worker(String name, String network) {
    String text =
        gate.api("POST", "/api/v1/workers", "{\"name\": \"" + name + "\"}")
            .path("token")
            .asString("");
    Path token = gate.write(name + ".token", text + "\n");
    RunningProgram worker =
        gate.program("worker", "--join", "http://127.0.0.1:" + between.port())
            .and("--token-file", token.toString(), "--reach", network)
            .start();
    worker.awaitOutput("worker " + name + " at", Deadlines.SERVICE);
    return worker;
  }

  private static Program ssh(String target, String... command) {
    return client
        .ssh("alice+" + target + "@127.0.0.1")
        .and(command)
        .within(Deadlines.SERVICE.multipliedBy(3));
  }

  /// The worker asks a moment after it has started.
  private static void awaitReached(String target) {
    Deadlines.await(
        "a worker reaches " + target,
        Deadlines.SERVICE,
        () -> ssh(target, "true").run().exit() == 0);
  }

  private static JsonNode last(String target) {
    return gate.sessions("target=" + target).getFirst();
  }

  /// The end is written a moment after the person was told.
  private static void awaitState(String target, String state) {
    Deadlines.await(
        "the session has " + state, () -> last(target).path("state").asString("").equals(state));
  }

  @Test
  void aTargetWhoseWorkerIsNotThereIsRefusedAndTheRecordSaysWhy() {
    CompletedProgram refused = ssh("alone", "true").run().expectExit(255);
    assertThat(refused.stderr())
        .contains("alone is reached by a worker on another network, and none is connected");
    awaitState("alone", "failed");
    JsonNode session = last("alone");
    assertThat(session.path("reason").asString("")).contains("the worker nobody");
    assertThat(gate.ledger("session=" + session.path("id").asString("")))
        .extracting(event -> event.path("code").asString(""))
        .contains("session.start", "session.failed");
  }

  @Test
  @Tag("long")
  void theGuideWorksAsWritten() throws Exception {
    String page = "docs/guide/workers.md";
    String access = GuideScript.blocks(page, "yaml").getFirst();
    assertThat(access).contains("10.20.0.5:22", "deploy.key", "- name: deploy\n");
    gate.apply(
        access
            .replace("10.20.0.5:22", INSIDE + ":" + sshd.port())
            .replace("deploy.key", sshd.clientKey().privateKeyFile().toString())
            .replace("- name: deploy\n", "- name: deploy\n        login: " + sshd.user() + "\n"));
    String printed =
        GuideScript.of(page, gate.folder())
            .after(
                "export ONGSUNG_CONFIG='"
                    + gate.config()
                    + "' JDK_JAVA_OPTIONS='-Djdk.net.hosts.file="
                    + gate.folder().resolve("hosts")
                    + "'\n")
            .replacing("https://gate.example.com", "http://127.0.0.1:" + between.port())
            .replacing("10.20.0.0/16", "127.0.0.0/8")
            .replacing(
                "ssh -p 2222 alice+branch-1@gate.example.com",
                "ssh -F '" + client.config() + "' alice+branch-1@127.0.0.1")
            .run()
            .stdout();
    assertThat(printed)
        .contains("Linux")
        .contains("worker branch at http")
        .contains("reachable in")
        .contains("1 of 1 accounts can log in");
    assertThat(last("branch-1").path("state").asString("")).isIn("ended", "live");
  }

  @Test
  void aWorkerGoesNowhereButIntoItsNetworks() {
    try (RunningProgram worker = worker("near", "10.11.12.0/24")) {
      Deadlines.await(
          "the worker says no",
          Deadlines.SERVICE,
          () ->
              ssh("forbidden", "true")
                  .run()
                  .stderr()
                  .contains("the worker that reaches it may not go to its address"));
      awaitState("forbidden", "failed");
      assertThat(worker.alive()).isTrue();
    }
  }

  @Test
  void sessionsGoByTheirWorkerAndSurviveBrokenConnectionsAndNotItsEnd() throws Exception {
    try (RunningProgram worker = worker("far", "127.0.0.0/8")) {
      awaitReached("web-1");
      theGatewayTriesLoginsByTheWorker();
      transfersAreWholeThoughConnectionsBreak();
      aTerminalAtATelnetTargetGoesTheSameWay();
      theEndOfTheWorkerEndsTheSession(worker);
    }
  }

  private static void theGatewayTriesLoginsByTheWorker() {
    String id =
        gate.api(
                "POST",
                "/api/v1/jobs",
                "{\"kind\": \"login\", \"parameters\": {\"target\": \"web-1\"}}")
            .path("id")
            .asString("");
    JsonNode job = gate.awaitJob(id);
    assertThat(job.path("result").path("accounts").path(0).path("login").asString(""))
        .as(job.toString())
        .isEqualTo("accepted");
  }

  private static void transfersAreWholeThoughConnectionsBreak() throws Exception {
    byte[] content = new byte[TRANSFER_BYTES];
    new Random(7).nextBytes(content);
    Path file = gate.folder().resolve("content");
    Files.write(file, content);
    String digest = sha256(content);

    Path copy = gate.folder().resolve("copy");
    try (RunningProgram download =
        piped("ssh -F \"$0\" \"$1\" 'cat " + file + "' > " + copy, "web-1")) {
      cutThrice(download);
    }
    assertThat(sha256(Files.readAllBytes(copy))).isEqualTo(digest);

    Path upload = gate.folder().resolve("uploaded");
    try (RunningProgram uploading =
        piped("ssh -F \"$0\" \"$1\" 'cat > " + upload + "' < " + file, "web-1")) {
      cutThrice(uploading);
    }
    assertThat(sha256(Files.readAllBytes(upload))).isEqualTo(digest);
    awaitState("web-1", "ended");
    assertThat(last("web-1").path("bytesFromClient").asLong(0)).isEqualTo(TRANSFER_BYTES);
  }

  private static void cutThrice(RunningProgram transfer) {
    for (int cut = 0; cut < 3; cut++) {
      long until = between.passed() + TRANSFER_BYTES / 5;
      Deadlines.await("bytes are moving", Deadlines.SERVICE, () -> between.passed() > until);
      between.cut();
    }
    transfer.await(Deadlines.SERVICE.multipliedBy(3)).expectSuccess();
  }

  private static RunningProgram piped(String command, String target) {
    return Program.of("/bin/sh", "-c", "exec " + command)
        .and(client.config().toString(), "alice+" + target + "@127.0.0.1")
        .start();
  }

  private static String sha256(byte[] bytes) throws GeneralSecurityException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static void aTerminalAtATelnetTargetGoesTheSameWay() {
    try (RunningProgram terminal = client.ssh("-tt", "alice+switch@127.0.0.1").start()) {
      terminal.awaitOutput("switch>", Deadlines.SERVICE);
      between.cut();
      terminal.type("hello\r");
      terminal.awaitOutput("you said hello", Deadlines.SERVICE);
      terminal.type("exit\r");
      terminal.await(Deadlines.SERVICE);
    }
    assertThat(telnet.received()).contains(PASSWORD);
    awaitState("switch", "ended");
  }

  private static void theEndOfTheWorkerEndsTheSession(RunningProgram worker) {
    try (RunningProgram session = ssh("web-1", "echo ready; cat").start();
        RunningProgram terminal = client.ssh("-tt", "alice+switch@127.0.0.1").start()) {
      session.awaitOutput("ready", Deadlines.SERVICE);
      terminal.awaitOutput("switch>", Deadlines.SERVICE);
      worker.signal("KILL");
      assertThat(session.await(Deadlines.SERVICE).expectExit(255).stderr())
          .contains("The worker by which web-1 was reached was lost");
      CompletedProgram ended = terminal.await(Deadlines.SERVICE).expectExit(255);
      assertThat(ended.stdout() + ended.stderr())
          .contains("The worker by which switch was reached was lost");
    }
    for (String target : new String[] {"web-1", "switch"}) {
      awaitState(target, "ended");
      assertThat(last(target).path("reason").asString(""))
          .isEqualTo("The worker far, by which the target was reached, was lost.");
    }
  }
}
