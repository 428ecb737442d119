package org.ongsung.protocols.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.Program;

/// Broken, hostile and silent clients: each ends its own connection and nobody else's.
class SshProtocolRegressionTest {
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

  private void stillServes() {
    assertThat(gateway.ssh("alice+web-1", "echo hi").run().stdout()).isEqualTo("hi\n");
  }

  private RawSshClient raw() throws Exception {
    return new RawSshClient(gateway.port()).login("alice+web-1");
  }

  @Test
  @DisplayName("Clients that connect and say nothing keep nobody out")
  void silentClients() throws Exception {
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 200; i++) {
        silent.add(new Socket(InetAddress.getLoopbackAddress(), gateway.port()));
      }
      stillServes();
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  @Test
  @DisplayName("A session that opens for somebody who has left is ended")
  void goneBeforeTheSessionIsOpen() throws Exception {
    gateway.openMillis = 1_500;
    try (RawSshClient client = raw()) {
      assertThat(client.session().isOpen()).isTrue();
    }
    Deadlines.await("the session is opened", () -> !gateway.sessions.isEmpty());
    Deadlines.await("the session has ended", () -> gateway.session().state != null);
  }

  @Test
  @DisplayName("Garbage instead of SSH ends in a closed connection, whatever it is")
  void garbage() throws Exception {
    Random random = new Random(5);
    for (int i = 0; i < 30; i++) {
      byte[] bytes = new byte[1 + random.nextInt(40_000)];
      random.nextBytes(bytes);
      if (i % 2 == 0) {
        byte[] line = "SSH-2.0-garbage\r\n".getBytes(StandardCharsets.UTF_8);
        System.arraycopy(line, 0, bytes, 0, Math.min(line.length, bytes.length));
      }
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
        socket.setSoTimeout((int) Deadlines.ACTION.toMillis());
        socket.getOutputStream().write(bytes);
        socket.shutdownOutput();
        while (socket.getInputStream().read() >= 0) {
          // until it is closed
        }
      } catch (java.net.SocketException e) {
        // reset: closed as well
      }
    }
    stillServes();
  }

  @Test
  @DisplayName("Packets of random content after the login end that connection only")
  void randomPackets() throws Exception {
    Random random = new Random(11);
    for (int i = 0; i < 25; i++) {
      try (RawSshClient client = raw()) {
        long channel = client.openSession();
        byte[] bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        int command = 80 + random.nextInt(21);
        client.send(
            command,
            packet -> {
              if (random.nextBoolean()) {
                packet.putUInt(channel);
              }
              packet.putRawBytes(bytes);
            });
        client.send(99, packet -> packet.putUInt(0xFFFF_FFFFL));
        client.awaitClosed();
      }
    }
    stillServes();
    Deadlines.await(
        "every session has ended",
        () -> gateway.sessions.stream().allMatch(session -> session.state != null));
  }

  @Test
  @DisplayName("Data past the granted window ends the connection")
  void pastTheWindow() throws Exception {
    try (RawSshClient client = raw()) {
      long channel = client.openSession();
      client.exec(channel, "sleep 60");
      client.next(SshConstants.SSH_MSG_CHANNEL_SUCCESS);
      byte[] much = new byte[32_768];
      for (int i = 0; i < 200; i++) {
        client.send(
            SshConstants.SSH_MSG_CHANNEL_DATA,
            packet -> {
              packet.putUInt(channel);
              packet.putBytes(much);
            });
      }
      client.awaitClosed();
    }
    stillServes();
  }

  @Test
  @DisplayName("Data before any program is asked for ends the connection")
  void dataBeforeTheProgram() throws Exception {
    try (RawSshClient client = raw()) {
      long channel = client.openSession();
      client.send(
          SshConstants.SSH_MSG_CHANNEL_DATA,
          packet -> {
            packet.putUInt(channel);
            packet.putString("rm -rf /");
          });
      client.awaitClosed();
    }
    assertThat(gateway.session().channels).isEmpty();
  }

  @Test
  @DisplayName("A second program on one channel is refused")
  void oneProgramPerChannel() throws Exception {
    try (RawSshClient client = raw()) {
      long channel = client.openSession();
      client.exec(channel, "sleep 5");
      client.next(SshConstants.SSH_MSG_CHANNEL_SUCCESS);
      client.exec(channel, "echo second");
      client.next(SshConstants.SSH_MSG_CHANNEL_FAILURE);
    }
    assertThat(gateway.session().channels).hasSize(1);
  }

  @Test
  @DisplayName("Answers come in the order of the requests, though some are ours and some are not")
  void answersInOrder() throws Exception {
    try (RawSshClient client = raw()) {
      long channel = client.openSession();
      client.send(
          SshConstants.SSH_MSG_CHANNEL_REQUEST,
          packet -> {
            packet.putUInt(channel);
            packet.putString("env");
            packet.putBoolean(true);
            packet.putString("LANG");
            packet.putString("C");
          });
      client.send(
          SshConstants.SSH_MSG_CHANNEL_REQUEST,
          packet -> {
            packet.putUInt(channel);
            packet.putString("unheard-of@example.org");
            packet.putBoolean(true);
          });
      client.exec(channel, "true");
      assertThat(client.next().command()).isEqualTo(SshConstants.SSH_MSG_CHANNEL_SUCCESS);
      assertThat(client.next().command()).isEqualTo(SshConstants.SSH_MSG_CHANNEL_FAILURE);
      client.next(SshConstants.SSH_MSG_CHANNEL_SUCCESS);
    }
  }

  @Test
  @DisplayName("A packet that was kept and cannot be read ends the connection too")
  void unreadableLater() throws Exception {
    gateway.openMillis = 500;
    try (RawSshClient client = raw()) {
      client.send(SshConstants.SSH_MSG_GLOBAL_REQUEST, packet -> packet.putInt(1_000));
      client.awaitClosed();
      assertThat(client.disconnect()).contains("Protocol error");
    }
    gateway.openMillis = 0;
    gateway.channelMillis = 500;
    try (RawSshClient client = raw()) {
      long channel = client.openSession();
      client.exec(channel, "sleep 60");
      client.send(
          SshConstants.SSH_MSG_CHANNEL_REQUEST,
          packet -> {
            packet.putUInt(channel);
            packet.putInt(1_000);
          });
      client.awaitClosed();
    }
    gateway.channelMillis = 0;
    stillServes();
  }

  @Test
  @DisplayName("Unknown channel types and global requests are refused")
  void unknownTypes() throws Exception {
    try (RawSshClient client = raw()) {
      client.openSession();
      client.send(
          SshConstants.SSH_MSG_CHANNEL_OPEN,
          packet -> {
            packet.putString("tun@openssh.com");
            packet.putUInt(9);
            packet.putUInt(1000);
            packet.putUInt(1000);
            packet.putInt(1);
            packet.putInt(0);
          });
      Buffer refused = client.next(SshConstants.SSH_MSG_CHANNEL_OPEN_FAILURE);
      assertThat(refused.getUInt()).isEqualTo(9);
      assertThat(refused.getUInt()).isEqualTo(SshConstants.SSH_OPEN_UNKNOWN_CHANNEL_TYPE);
      client.send(
          SshConstants.SSH_MSG_GLOBAL_REQUEST,
          packet -> {
            packet.putString("hostkeys-prove-00@openssh.com");
            packet.putBoolean(true);
          });
      client.next(SshConstants.SSH_MSG_REQUEST_FAILURE);
      client.send(
          SshConstants.SSH_MSG_GLOBAL_REQUEST,
          packet -> {
            packet.putString("keepalive@openssh.com");
            packet.putBoolean(true);
          });
      client.next(SshConstants.SSH_MSG_REQUEST_FAILURE);
    }
    Deadlines.await(
        "it is in the ledger",
        () -> gateway.session().events.contains("channel.refused tun@openssh.com"));
  }

  @Test
  @DisplayName("As many channels as the limit allows open, and the next is refused")
  void tooManyChannels() throws Exception {
    try (RawSshClient client = raw()) {
      for (int i = 0; i < SshLimits.DEFAULT.maxChannels(); i++) {
        client.openSession();
      }
      client.send(
          SshConstants.SSH_MSG_CHANNEL_OPEN,
          packet -> {
            packet.putString("session");
            packet.putUInt(9);
            packet.putUInt(1000);
            packet.putUInt(1000);
          });
      Buffer refused = client.next(SshConstants.SSH_MSG_CHANNEL_OPEN_FAILURE);
      refused.getUInt();
      assertThat(refused.getUInt()).isEqualTo(SshConstants.SSH_OPEN_RESOURCE_SHORTAGE);
      Deadlines.await(
          "it is in the ledger",
          () -> gateway.session().events.contains("channel.refused session"));
    }
  }

  @Test
  @DisplayName("The target's host key announcements do not reach the client")
  void noHostKeyAnnouncements() throws Exception {
    String said =
        gateway.ssh("alice+web-1", "-vvv", "-o", "UpdateHostKeys=yes", "echo hi").run().stderr();
    assertThat(said).doesNotContain("hostkeys-00@openssh.com");
  }

  @Test
  @DisplayName("A scanner finds no weak algorithm, and strict key exchange (CVE-2023-48795)")
  void scanned() {
    String found =
        Program.of("ssh-audit", "-n", "-p", Integer.toString(gateway.port()), "127.0.0.1")
            .run()
            .stdout();
    assertThat(found).contains("SSH-2.0-Ongsung").contains("kex-strict-s-v00@openssh.com");
    assertThat(found.lines().filter(line -> line.contains("[fail]"))).isEmpty();
  }
}
