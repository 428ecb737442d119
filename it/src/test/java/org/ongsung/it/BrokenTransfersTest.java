package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ongsung.store.Database;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.Program;
import org.ongsung.testkit.RunningProgram;
import org.ongsung.testkit.SshKey;
import tools.jackson.databind.JsonNode;

/// Transfers whose one side is gone in the middle: the record is closed with why and how much, and
/// the process holds no socket and no thread of them any more.
class BrokenTransfersTest {
  private static final String WHERE = "alice+web-1@127.0.0.1";
  private static final long ENOUGH_BYTES = 16L << 20;

  private static OpenSshServer sshd;
  private static Installation gate;
  private static SshKey key;

  @BeforeAll
  static void startEverything() {
    sshd = OpenSshServer.builder().start();
    gate = Installation.prepared().jvm("-Djdk.trackAllThreads=true");
    gate.serve();
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
            may: [exec, sftp, local-forward]
        """
            .formatted(key.publicLine(), Installation.target("web-1", sshd)));
    runACommand();
    held(); // makes what is made once: loops, and the socket that answers jcmd
  }

  @AfterAll
  static void stopEverything() {
    gate.close();
    sshd.close();
  }

  @Test
  void aClientThatIsKilledInADownloadLeavesItsRecordAndNothingElse() {
    Held before = held();
    String id;
    try (RunningProgram download = toNowhere("ssh -F \"$0\" \"$1\" 'cat /dev/zero'", WHERE)) {
      id = awaitMoving("to_clients");
      download.signal("KILL");
    }
    JsonNode channel = assertClosed(id, "ended", "The person closed the connection.", before);
    assertThat(channel.path("end").path("bytesToClient").asLong(0)).isGreaterThan(ENOUGH_BYTES);
  }

  @Test
  void aClientThatIsKilledInAnUploadLeavesItsRecordAndNothingElse() {
    Held before = held();
    String id;
    try (RunningProgram upload =
        toNowhere("ssh -F \"$0\" \"$1\" 'cat > /dev/null' < /dev/zero", WHERE)) {
      id = awaitMoving("from_clients");
      upload.signal("KILL");
    }
    JsonNode channel = assertClosed(id, "ended", "The person closed the connection.", before);
    assertThat(channel.path("end").path("bytesFromClient").asLong(0)).isGreaterThan(ENOUGH_BYTES);
  }

  @Test
  void aTargetThatIsGoneInATransferIsToldAndLeavesItsRecordAndNothingElse() throws IOException {
    Held before = held();
    Path pid = gate.folder().resolve("target-side");
    String command = "ssh -F \"$0\" \"$1\" 'echo $PPID > " + pid + "; cat /dev/zero'";
    try (RunningProgram download = toNowhere(command, WHERE)) {
      String id = awaitMoving("to_clients");
      // The parent of the command is the sshd process that carries this one connection.
      Program.of("kill", "-KILL", Files.readString(pid).strip()).run().expectSuccess();
      assertThat(download.await(Deadlines.ACTION).expectExit(255).stderr())
          .contains("The connection to web-1 was lost")
          .contains(id);
      JsonNode channel = assertClosed(id, "ended", "The target closed the connection.", before);
      assertThat(channel.path("end").path("bytesToClient").asLong(0)).isGreaterThan(ENOUGH_BYTES);
    }
  }

  @Test
  void aClientThatIsKilledInAnSftpDownloadLeavesTheFileAndItsBytes() throws IOException {
    Path large = gate.folder().resolve("large");
    try (var file = new java.io.RandomAccessFile(large.toFile(), "rw")) {
      file.setLength(64L << 30); // takes no room
    }
    Held before = held();
    String id;
    try (RunningProgram download =
        toNowhere("sftp -F \"$0\" \"$1\" /dev/null", WHERE + ":" + large)) {
      id = awaitMoving("to_clients");
      download.signal("KILL");
    }
    JsonNode channel = assertClosed(id, "ended", "The person closed the connection.", before);
    assertThat(channel.path("kind").asString("")).isEqualTo("sftp");
    Deadlines.await(
        "the file operation is in the ledger",
        () ->
            gate.ledger("session=" + id).stream()
                .anyMatch(event -> event.path("subject").asString("").contains(large.toString())));
  }

  @Test
  void aKilledGatewayKeepsWhatASftpAndAForwardHadMovedASecondBefore() throws Exception {
    Path large = gate.folder().resolve("much");
    try (var file = new java.io.RandomAccessFile(large.toFile(), "rw")) {
      file.setLength(64L << 30); // takes no room
    }
    double before = moved("to_clients");
    try (RunningProgram download =
            toNowhere("sftp -F \"$0\" \"$1\" /dev/null", WHERE + ":" + large);
        RunningProgram forward =
            toNowhere("ssh -F \"$0\" -W " + sshd.address() + " \"$1\"", WHERE)) {
      Deadlines.await(
          "both move",
          () ->
              gate.sessions("state=live").size() == 2
                  && moved("to_clients") > before + ENOUGH_BYTES);
      Deadlines.await("how far both are is written down", () -> writtenDown() == 2);
      gate.server().signal("KILL");
      gate.server().await(Deadlines.ACTION);
      download.await(Deadlines.ACTION);
      forward.close();
    }
    gate.serve();
    runACommand();
    held();
    List<JsonNode> interrupted = gate.sessions("state=interrupted");
    assertThat(interrupted).hasSize(2);
    for (JsonNode listed : interrupted) {
      JsonNode channel = session(listed.path("id").asString("")).path("channels").path(0);
      JsonNode end = channel.path("end");
      boolean sftp = channel.path("kind").asString("").equals("sftp");
      // Of the forward, at least what sshd says when somebody connects.
      assertThat(end.path("bytesToClient").asLong(0))
          .isGreaterThan(sftp ? ENOUGH_BYTES : "SSH-2.0-".length());
      assertThat(end.path("complete").asBoolean(true)).isFalse();
      assertThat(end.path("at").asString("")).isGreaterThan(channel.path("openedAt").asString(""));
      assertThat(listed.path("bytesToClient").asLong(-1))
          .isEqualTo(end.path("bytesToClient").asLong(0));
    }
  }

  private static void runACommand() {
    gate.client(key).ssh(WHERE, "true").run().expectSuccess();
    gate.awaitEnd("target=web-1");
  }

  /// How many open channels stand in the database with enough bytes: of sftp so many as count as
  /// moving, of a forward what sshd says when somebody connects.
  private static int writtenDown() throws SQLException {
    String file = "jdbc:sqlite:" + gate.data().resolve(Database.MAIN_FILE);
    String moved = "bytes_to_client > case kind when 'sftp' then " + ENOUGH_BYTES + " else 8 end";
    try (Connection connection = DriverManager.getConnection(file);
        Statement select = connection.createStatement();
        ResultSet counted =
            select.executeQuery(
                "select count(*) from channels where ended_at is null and " + moved)) {
      return counted.next() ? counted.getInt(1) : 0;
    }
  }

  /// One of OpenSSH's clients, whose output nobody keeps.
  private static RunningProgram toNowhere(String command, String where) {
    return Program.of("/bin/sh", "-c", "exec " + command + " > /dev/null")
        .and(gate.client(key).config().toString(), where)
        .start();
  }

  /// Waits until the one live session has moved enough since it was started, and gives its id.
  private static String awaitMoving(String direction) {
    double base = moved(direction);
    Deadlines.await("bytes are moving", () -> moved(direction) > base + ENOUGH_BYTES);
    List<JsonNode> live = gate.sessions("state=live");
    assertThat(live).hasSize(1);
    return live.getFirst().path("id").asString("");
  }

  private static double moved(String direction) {
    return gate.metric("ongsung_bytes_" + direction + "_total");
  }

  /// The one channel of a session that ended so.
  private static JsonNode assertClosed(String id, String state, String reason, Held before) {
    Deadlines.await(
        "the session has ended",
        () -> session(id).path("session").path("state").asString("").equals(state));
    JsonNode session = session(id).path("session");
    assertThat(session.path("reason").asString("")).contains(reason);
    JsonNode channel = session(id).path("channels").path(0);
    for (String bytes : List.of("bytesFromClient", "bytesToClient")) {
      assertThat(session.path(bytes).asLong(-1))
          .isEqualTo(channel.path("end").path(bytes).asLong(-2));
    }
    assertThat(channel.path("end").path("complete").asBoolean(false)).isTrue();
    assertThat(gate.ledger("session=" + id))
        .extracting(event -> event.path("code").asString(""))
        .contains("session.start", "channel.open", "channel.close", "session.end");
    assertThat(gate.sessions("state=live")).isEmpty();
    Deadlines.await("nothing is held any more: " + before, () -> !held().exceeds(before));
    return channel;
  }

  private static JsonNode session(String id) {
    return gate.api("GET", "/api/v1/sessions/" + id, "");
  }

  /// What the server's process holds for connections: sockets of SSH, and threads that work for
  /// them by their names.
  private record Held(long sockets, long threads) {
    boolean exceeds(Held base) {
      return sockets > base.sockets || threads > base.threads;
    }
  }

  private static Held held() {
    return new Held(sockets(), threads());
  }

  private static long sockets() {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + gate.server().pid() + "/fd"))) {
      return descriptors.filter(BrokenTransfersTest::isSocket).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }

  private static long threads() {
    Path dump = gate.folder().resolve("threads.json");
    try {
      Files.deleteIfExists(dump);
      Program.of(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString())
          .and(Long.toString(gate.server().pid()), "Thread.dump_to_file", "-format=json")
          .and(dump.toString())
          .run()
          .expectSuccess();
      try (Stream<String> lines = Files.lines(dump)) {
        return lines.filter(line -> line.contains("\"name\": \"ssh-")).count();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
