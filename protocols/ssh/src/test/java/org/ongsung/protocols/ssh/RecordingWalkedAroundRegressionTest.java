package org.ongsung.protocols.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.sshd.common.SshConstants;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.SessionChannel;
import org.ongsung.testkit.OpenSshServer;

/// Ways to do something at a target that the record tells otherwise, or in part.
class RecordingWalkedAroundRegressionTest {
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

  private RawSshClient raw() throws Exception {
    return new RawSshClient(gateway.port()).login("alice+web-1");
  }

  private static void program(RawSshClient client, long channel, String name, String argument)
      throws Exception {
    client.send(
        SshConstants.SSH_MSG_CHANNEL_REQUEST,
        packet -> {
          packet.putUInt(channel);
          packet.putString(name);
          packet.putBoolean(true);
          packet.putString(argument);
        });
  }

  /// A server drops what a client sends as extended data: a file transfer that is followed through
  /// it is followed wrongly from there on.
  @Test
  @DisplayName("What the target would drop ends the connection instead of going into the record")
  void extendedDataFromAClient() throws Exception {
    for (String subsystem : new String[] {"", "sftp"}) {
      try (RawSshClient client = raw()) {
        long channel = client.openSession();
        if (subsystem.isEmpty()) {
          client.exec(channel, "cat");
        } else {
          program(client, channel, "subsystem", subsystem);
        }
        client.next(SshConstants.SSH_MSG_CHANNEL_SUCCESS);
        client.send(
            SshConstants.SSH_MSG_CHANNEL_EXTENDED_DATA,
            packet -> {
              packet.putUInt(channel);
              packet.putInt(1);
              packet.putBytes("another story".getBytes(StandardCharsets.UTF_8));
            });
        client.awaitClosed();
        assertThat(client.disconnect()).contains("Protocol error");
      }
      assertThat(gateway.sessions.getLast().channels.getFirst().input()).isEmpty();
    }
  }

  @Test
  @DisplayName("The record has the whole of the longest command, and a longer one does not start")
  void longCommands() throws Exception {
    Path mark = gateway.folder.resolve("mark");
    String start = "echo started # ";
    int bound = SessionChannel.MAX_SUBJECT_CHARACTERS;
    String longest = start + "x".repeat(bound - start.length());
    try (RawSshClient client = raw()) {
      long channel = client.openSession();
      client.exec(channel, longest);
      client.next(SshConstants.SSH_MSG_CHANNEL_DATA);
    }
    assertThat(gateway.sessions.getLast().channels.getFirst().opened.subject()).isEqualTo(longest);

    String end = "\ntouch " + mark;
    String hidden = start + "x".repeat(bound + 1 - start.length() - end.length()) + end;
    assertThat(hidden).hasSize(bound + 1);
    try (RawSshClient client = raw()) {
      long channel = client.openSession();
      client.exec(channel, hidden);
      var told = client.next(SshConstants.SSH_MSG_CHANNEL_EXTENDED_DATA);
      told.getUInt();
      told.getInt();
      assertThat(told.getString()).contains("longer than the record can show");
      client.next(SshConstants.SSH_MSG_CHANNEL_CLOSE);
    }
    assertThat(gateway.sessions.getLast().channels).isEmpty();
    assertThat(gateway.sessions.getLast().refusals)
        .singleElement()
        .asString()
        .startsWith("exec echo started")
        .endsWith("longer than the record shows");
    assertThat(mark).doesNotExist();
  }

  @Test
  @DisplayName("A program that only bears the name of an SFTP server is recorded as a command")
  void namedLikeAnSftpServer() throws Exception {
    Path program = gateway.folder.resolve("sftp-server");
    Files.writeString(program, "#!/bin/sh\necho no file transfer >&2\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    gateway.ssh("alice+web-1", program.toString()).run().expectSuccess();
    RecordedSession.Channel channel = gateway.session().channels.getFirst();
    assertThat(channel.opened.kind()).isEqualTo(ChannelKind.EXEC);
    assertThat(channel.errorOutput()).isEqualTo("no file transfer\n");
  }
}
