package org.ongsung.protocols.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.ongsung.model.Capability;
import org.ongsung.testkit.OpenSshServer;

/// Bytes at the edges of a channel: those typed before the target is there, and those that a window
/// is too narrow for when the channel closes.
class DataLostAtTheEdgesRegressionTest {
  private static final int WINDOW_BYTES = 1_000;

  /// What the gateway lets a person type while it shows a menu.
  private static final int TYPED_AHEAD_BYTES = 4_096;

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

  private static void request(RawSshClient client, long channel, String name, boolean wantReply)
      throws Exception {
    client.send(
        SshConstants.SSH_MSG_CHANNEL_REQUEST,
        packet -> {
          packet.putUInt(channel);
          packet.putString(name);
          packet.putBoolean(wantReply);
        });
  }

  private static long openSession(RawSshClient client, int window) throws Exception {
    client.send(
        SshConstants.SSH_MSG_CHANNEL_OPEN,
        packet -> {
          packet.putString("session");
          packet.putUInt(7);
          packet.putUInt(window);
          packet.putUInt(32_768);
        });
    Buffer confirmed = client.next(SshConstants.SSH_MSG_CHANNEL_OPEN_CONFIRMATION);
    confirmed.getUInt();
    return confirmed.getUInt();
  }

  @Test
  @DisplayName(
      "A line of the gateway's own takes window from the target: what follows waits, whole")
  void nothingIsLostBehindTheGatewaysOwnLine() throws Exception {
    gateway.grant("all-on-web-1", "web-1", Set.of("root"), EnumSet.of(Capability.EXEC));
    String expected = "a".repeat(980) + "END";
    try (RawSshClient client = new RawSshClient(gateway.port()).login("alice+web-1")) {
      long channel = openSession(client, WINDOW_BYTES);
      request(client, channel, "auth-agent-req@openssh.com", true);
      client.next(SshConstants.SSH_MSG_CHANNEL_FAILURE);
      client.exec(channel, "printf %0980d 0 | tr 0 a; sleep 0.2; printf END");
      Told told = new Told();
      while (!told.exited) {
        told.hear(client.next());
      }
      assertThat(told.error).contains("You may not use agent forwarding");
      Thread.sleep(300); // until the target's close, which follows, has come to the gateway too
      assertThat(told.bytes()).isEqualTo(WINDOW_BYTES);
      client.send(
          SshConstants.SSH_MSG_CHANNEL_WINDOW_ADJUST,
          packet -> {
            packet.putUInt(channel);
            packet.putUInt(WINDOW_BYTES);
          });
      while (!told.closed) {
        told.hear(client.next());
      }
      assertThat(told.output.toString()).isEqualTo(expected);
      assertThat(told.ended).isTrue();
    }
  }

  /// What a client heard on its only channel.
  private static final class Told {
    final StringBuilder output = new StringBuilder();
    String error = "";
    boolean exited;
    boolean ended;
    boolean closed;

    int bytes() {
      return output.length() + error.length();
    }

    void hear(RawSshClient.Packet packet) {
      Buffer rest = packet.rest();
      switch (packet.command()) {
        case SshConstants.SSH_MSG_CHANNEL_DATA -> {
          rest.getUInt();
          output.append(new String(rest.getBytes(), StandardCharsets.UTF_8));
        }
        case SshConstants.SSH_MSG_CHANNEL_EXTENDED_DATA -> {
          rest.getUInt();
          rest.getInt();
          error += new String(rest.getBytes(), StandardCharsets.UTF_8);
        }
        case SshConstants.SSH_MSG_CHANNEL_REQUEST -> {
          rest.getUInt();
          exited |= rest.getString().equals("exit-status");
        }
        case SshConstants.SSH_MSG_CHANNEL_EOF -> ended = true;
        case SshConstants.SSH_MSG_CHANNEL_CLOSE -> closed = true;
        case RawSshClient.CLOSED -> throw new AssertionError("closed");
        default -> {}
      }
    }
  }

  @Test
  @DisplayName("Whoever chose from the menu may type one window ahead, and all of it arrives")
  void typedAhead() throws Exception {
    gateway.openMillis = 500;
    try (RawSshClient client = new RawSshClient(gateway.port()).login("alice")) {
      long channel = openSession(client, 1 << 20);
      client.send(
          SshConstants.SSH_MSG_CHANNEL_REQUEST,
          packet -> {
            packet.putUInt(channel);
            packet.putString("pty-req");
            packet.putBoolean(false);
            packet.putString("dumb");
            packet.putUInt(80);
            packet.putUInt(24);
            packet.putUInt(0);
            packet.putUInt(0);
            packet.putString("");
          });
      request(client, channel, "shell", true);
      client.next(SshConstants.SSH_MSG_CHANNEL_SUCCESS);
      // Lines, since a terminal takes no more than 4,095 bytes of one.
      String lines = (": " + "x".repeat(97) + "\n").repeat(40);
      String last = "echo $((40+2))-arrived\n";
      String typed =
          "\r" + lines + " ".repeat(TYPED_AHEAD_BYTES - 1 - lines.length() - last.length()) + last;
      assertThat(typed).hasSize(TYPED_AHEAD_BYTES);
      client.send(
          SshConstants.SSH_MSG_CHANNEL_DATA,
          packet -> {
            packet.putUInt(channel);
            packet.putBytes(typed.getBytes(StandardCharsets.UTF_8));
          });
      Told told = new Told();
      while (!told.output.toString().contains("42-arrived")) {
        RawSshClient.Packet packet = client.next();
        boolean more = packet.command() == SshConstants.SSH_MSG_CHANNEL_WINDOW_ADJUST;
        assertThat(more && gateway.sessions.isEmpty())
            .as("more may be typed before the target is there")
            .isFalse();
        told.hear(packet);
      }
      assertThat(gateway.session().channels.getFirst().bytesFromClient())
          .isEqualTo(TYPED_AHEAD_BYTES - 1);
    }
  }

  @Test
  @DisplayName("One byte more than may be typed ahead ends the connection instead of being lost")
  void typedTooFarAhead() throws Exception {
    gateway.openMillis = 1_000;
    try (RawSshClient client = new RawSshClient(gateway.port()).login("alice")) {
      long channel = openSession(client, 1 << 20);
      client.send(
          SshConstants.SSH_MSG_CHANNEL_REQUEST,
          packet -> {
            packet.putUInt(channel);
            packet.putString("pty-req");
            packet.putBoolean(false);
            packet.putString("dumb");
            packet.putUInt(80);
            packet.putUInt(24);
            packet.putUInt(0);
            packet.putUInt(0);
            packet.putString("");
          });
      request(client, channel, "shell", true);
      client.next(SshConstants.SSH_MSG_CHANNEL_SUCCESS);
      byte[] typed = new byte[TYPED_AHEAD_BYTES];
      typed[0] = '\r';
      for (byte[] piece : new byte[][] {typed, {' '}}) {
        client.send(
            SshConstants.SSH_MSG_CHANNEL_DATA,
            packet -> {
              packet.putUInt(channel);
              packet.putBytes(piece);
            });
      }
      client.awaitClosed();
    }
  }
}
