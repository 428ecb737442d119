package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.Folders;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.RunningProgram;
import org.ongsung.testkit.SshKey;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What stays of a session: its channels, its replay, and never what was typed unseen.
class RecordTest {
  private static final String WHERE = "alice+web-1@127.0.0.1";

  private static OpenSshServer sshd;
  private static Installation gate;
  private static SshKey key;

  @BeforeAll
  static void startEverything() {
    sshd = OpenSshServer.builder().start();
    gate = Installation.start();
    key = gate.key("alice", "ed25519");
    gate.apply(
        """
        users:
          - name: alice
            roles: [user]
            publicKeys: ["%s"]
        targets:
        %s
        grants:
          - name: alice-on-web
            who: {users: [alice]}
            where: {targets: [web-1]}
            as: [worker]
            may: [shell, exec]
        """
            .formatted(key.publicLine(), Installation.target("web-1", sshd)));
  }

  @AfterAll
  static void stopEverything() {
    gate.close();
    sshd.close();
  }

  /// The line that a shell prints while somebody watches reaches them as an event of the stream.
  @Test
  void whatAShellShowsIsSeenByWhoeverWatchesIt() throws Exception {
    try (HttpClient auditor = HttpClient.newHttpClient();
        RunningProgram shell = gate.client(key).sshOnTerminal("-tt", WHERE).start()) {
      shell.type("echo open-$((40+2))\n").awaitOutput("open-42", Deadlines.ACTION);
      String id = gate.sessions("state=live&user=alice").getFirst().path("id").asString("");
      String token = Files.readAllLines(gate.data().resolve("cli-token")).getFirst();
      URI live =
          URI.create(
              "http://127.0.0.1:"
                  + gate.httpPort()
                  + ("/api/v1/sessions/" + id + "/channels/0/live"));
      HttpRequest watching =
          HttpRequest.newBuilder(live).header("Authorization", "Bearer " + token).build();
      Queue<String> seen = new ConcurrentLinkedQueue<>();
      var _ =
          auditor
              .sendAsync(watching, BodyHandlers.ofLines())
              .thenAccept(answer -> answer.body().forEach(seen::add));
      Deadlines.await("what was there before is shown", () -> seen.toString().contains("open-42"));
      shell.type("echo watched-$((50+6))\n");
      Deadlines.await("what is typed now is shown", () -> seen.toString().contains("watched-56"));
      shell.type("exit\n").await(Deadlines.ACTION);
      assertThat(gate.ledger("code=recording.watched&session=" + id)).isNotEmpty();
    }
  }

  @Test
  void aCommandIsShownWithItsExitAndItsBytes() {
    gate.client(key).ssh(WHERE, "cat; echo ERR >&2; exit 4").input("12345678").run().expectExit(4);
    JsonNode session = awaitEnded("exec");
    JsonNode listed = gate.json("session", "list", "--kind", "exec").path("sessions").path(0);
    assertThat(listed).isEqualTo(session);
    assertThat(listed.path("user").asString("")).isEqualTo("alice");
    assertThat(listed.path("source").asString("")).startsWith("127.0.0.1");

    JsonNode shown = gate.json("session", "show", id(session));
    JsonNode channel = shown.path("channels").path(0);
    assertThat(channel.path("kind").asString("")).isEqualTo("exec");
    assertThat(channel.path("subject").asString("")).isEqualTo("cat; echo ERR >&2; exit 4");
    JsonNode end = channel.path("end");
    assertThat(end.path("exitStatus").asInt(-1)).isEqualTo(4);
    assertThat(end.path("bytesFromClient").asInt(-1)).isEqualTo(8);
    assertThat(end.path("bytesToClient").asInt(-1)).isEqualTo(12);
    assertThat(end.path("complete").asBoolean(false)).isTrue();
  }

  @Test
  void whatATerminalShowedReplaysAndWhatWasTypedUnseenIsNowhere() {
    String unseen = "unseen-Passphrase-4711";
    try (RunningProgram shell = gate.client(key).sshOnTerminal("-tt", WHERE).start()) {
      shell.type("read -s -p 'Secret'$((40+2)) word; echo seen-${#word}\n");
      shell.awaitOutput("Secret42", Deadlines.ACTION);
      shell.type(unseen + "\n").awaitOutput("seen-" + unseen.length(), Deadlines.ACTION);
      shell.type("exit 3\n");
      assertThat(shell.await(Deadlines.ACTION).exit()).isEqualTo(3);
    }
    String id = id(awaitEnded("shell"));
    JsonNode end = gate.json("session", "show", id).path("channels").path(0).path("end");
    assertThat(end.path("exitStatus").asInt(-1)).isEqualTo(3);
    assertThat(gate.ongsung("replay", id, "--no-timing"))
        .contains("Secret42")
        .contains("seen-" + unseen.length());

    String raw = gate.ongsung("replay", id, "--raw");
    assertThat(raw).contains("\"i\"").doesNotContain(unseen);
    assertThat(typed(raw)).contains("read -s -p").doesNotContain(unseen);
    assertThat(Folders.filesWith(gate.data(), unseen)).isEmpty();
    assertThat(gate.ongsung("ledger", "export")).doesNotContain(unseen);
  }

  @Test
  void aKilledGatewayListsItsSessionAsInterruptedAndPlaysIt() {
    RunningProgram shell = gate.client(key).sshOnTerminal("-tt", WHERE).start();
    String id;
    try (shell) {
      shell.type("echo before-the-kill-$((40+2))\n");
      shell.awaitOutput("before-the-kill-42", Deadlines.ACTION);
      id = id(gate.sessions("state=live").getFirst());
      Deadlines.await(
          "the recording reaches the disk",
          () -> gate.ongsung("replay", id, "--no-timing").contains("before-the-kill-42"));
      gate.server().signal("KILL");
      gate.server().await(Deadlines.ACTION);
      shell.await(Deadlines.ACTION);
    }
    gate.serve();

    JsonNode session = gate.json("session", "show", id).path("session");
    assertThat(session.path("state").asString("")).isEqualTo("interrupted");
    assertThat(session.path("endedAt").asString("")).isNotEmpty();
    assertThat(gate.ledger("code=session.interrupted&session=" + id)).hasSize(1);
    CompletedProgram replay = gate.program("replay", id, "--no-timing").run().expectSuccess();
    assertThat(replay.stdout()).contains("before-the-kill-42");
  }

  private static JsonNode awaitEnded(String kind) {
    JsonNode session = gate.awaitEnd("kind=" + kind);
    assertThat(session.path("state").asString("")).isEqualTo("ended");
    return session;
  }

  private static String id(JsonNode session) {
    return session.path("id").asString("");
  }

  /// All that was typed, of an asciicast: the texts of its `i` events, one after the other.
  private static String typed(String asciicast) {
    StringBuilder typed = new StringBuilder();
    asciicast
        .lines()
        .skip(1)
        .map(line -> JsonMapper.shared().readTree(line))
        .filter(event -> event.path(1).asString("").equals("i"))
        .forEach(event -> typed.append(event.path(2).asString("")));
    return typed.toString();
  }
}
