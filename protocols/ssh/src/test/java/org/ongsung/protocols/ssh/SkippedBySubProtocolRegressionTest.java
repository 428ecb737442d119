package org.ongsung.protocols.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.ongsung.model.Capability;
import org.ongsung.model.ChannelKind;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.OpenSshServer;

/// A sub-protocol that skips what others have to pass: every kind of channel, where the grant
/// allows it (it has a record), where the grant allows all but it (it is refused, and that is
/// told), and where it cannot be recorded (it does not come to be).
class SkippedBySubProtocolRegressionTest {
  private enum Case {
    GRANTED,
    NOT_GRANTED,
    NOT_RECORDED
  }

  /// A program on a session channel.
  private record Program(
      String request, String argument, Capability needs, ChannelKind kind, String subject) {}

  /// A channel that the person opens.
  private record Forward(
      String type, Capability needs, ChannelKind kind, Consumer<Buffer> destination) {}

  private static OpenSshServer server;
  private SshGateway gateway;

  @BeforeAll
  static void startTarget() {
    server = OpenSshServer.builder().configure("X11Forwarding yes").start();
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

  /// A connection under a grant of all, or of all but `capability`.
  private RawSshClient client(Case which, Capability capability) throws Exception {
    EnumSet<Capability> may = EnumSet.allOf(Capability.class);
    if (which == Case.NOT_GRANTED) {
      may.remove(capability);
    }
    gateway.grant("all-on-web-1", "web-1", Set.of("root"), may);
    return new RawSshClient(gateway.port()).login("alice+web-1");
  }

  private RecordedSession session(Case which) {
    RecordedSession session = gateway.sessions.getLast();
    session.recordsFail = which == Case.NOT_RECORDED;
    return session;
  }

  private static void request(
      RawSshClient client, long channel, String name, Consumer<Buffer> arguments)
      throws IOException {
    client.send(
        SshConstants.SSH_MSG_CHANNEL_REQUEST,
        packet -> {
          packet.putUInt(channel);
          packet.putString(name);
          packet.putBoolean(true);
          arguments.accept(packet);
        });
  }

  private static boolean has(RecordedSession session, ChannelKind kind) {
    return session.channels.stream().anyMatch(channel -> channel.opened.kind() == kind);
  }

  private static void assertTold(Case which, RecordedSession session, ChannelKind kind, Object of) {
    assertThat(has(session, kind)).as("%s %s", of, which).isEqualTo(which == Case.GRANTED);
    assertThat(session.refusals.stream().anyMatch(r -> r.startsWith(kind.text() + " ")))
        .as("%s %s: %s", of, which, session.refusals)
        .isEqualTo(which == Case.NOT_GRANTED);
  }

  @Test
  @DisplayName("Every program: shells, commands, copies, subsystems")
  void programs() throws Exception {
    List<Program> all =
        List.of(
            new Program("shell", "", Capability.SHELL, ChannelKind.SHELL, ""),
            new Program("exec", "true", Capability.EXEC, ChannelKind.EXEC, "true"),
            command("scp -f /etc/hostname", ChannelKind.SCP),
            command("rsync --server --sender -e.iLsfxC . /etc/hostname", ChannelKind.RSYNC),
            command("git-upload-pack '/nowhere'", ChannelKind.GIT),
            command("/usr/lib/openssh/sftp-server", ChannelKind.SFTP),
            new Program("subsystem", "sftp", Capability.SFTP, ChannelKind.SFTP, "sftp"),
            new Program(
                "subsystem", "netconf", Capability.EXEC, ChannelKind.EXEC, "subsystem netconf"));
    for (Program program : all) {
      for (Case which : Case.values()) {
        try (RawSshClient client = client(which, program.needs())) {
          long channel = client.openSession();
          RecordedSession session = session(which);
          request(
              client,
              channel,
              program.request(),
              packet -> {
                if (!program.request().equals("shell")) {
                  packet.putString(program.argument());
                }
              });
          if (which == Case.GRANTED) {
            Deadlines.await("the record is open", () -> has(session, program.kind()));
            assertThat(session.channels.getFirst().opened.subject()).isEqualTo(program.subject());
          } else {
            Buffer told = client.next(SshConstants.SSH_MSG_CHANNEL_EXTENDED_DATA);
            told.getUInt();
            told.getInt();
            assertThat(told.getString())
                .contains(which == Case.NOT_GRANTED ? "You may not use" : "cannot be recorded");
            client.next(SshConstants.SSH_MSG_CHANNEL_CLOSE);
          }
          assertTold(which, session, program.kind(), program);
        }
      }
    }
  }

  private static Program command(String line, ChannelKind kind) {
    return new Program("exec", line, Capability.EXEC, kind, line);
  }

  @Test
  @DisplayName("Every forward that the person opens")
  void forwardsOfThePerson() throws Exception {
    List<Forward> all =
        List.of(
            new Forward(
                "direct-tcpip",
                Capability.LOCAL_FORWARD,
                ChannelKind.LOCAL_FORWARD,
                packet -> {
                  packet.putString("127.0.0.1");
                  packet.putUInt(server.port());
                  packet.putString("127.0.0.1");
                  packet.putUInt(1);
                }),
            new Forward(
                "direct-streamlocal@openssh.com",
                Capability.LOCAL_FORWARD,
                ChannelKind.LOCAL_SOCKET_FORWARD,
                packet -> {
                  packet.putString("/nowhere.sock");
                  packet.putString("");
                  packet.putUInt(0);
                }));
    for (Forward forward : all) {
      for (Case which : Case.values()) {
        try (RawSshClient client = client(which, forward.needs())) {
          client.openSession();
          RecordedSession session = session(which);
          client.send(
              SshConstants.SSH_MSG_CHANNEL_OPEN,
              packet -> {
                packet.putString(forward.type());
                packet.putUInt(9);
                packet.putUInt(1 << 20);
                packet.putUInt(32_768);
                forward.destination().accept(packet);
              });
          if (which == Case.GRANTED) {
            Deadlines.await("the record is open", () -> has(session, forward.kind()));
          } else {
            client.next(SshConstants.SSH_MSG_CHANNEL_OPEN_FAILURE);
          }
          assertTold(which, session, forward.kind(), forward.type());
        }
      }
    }
  }

  @Test
  @DisplayName("Every listener that the person has at the target, and what comes through it")
  void listeners() throws Exception {
    for (Case which : Case.values()) {
      try (RawSshClient client = client(which, Capability.REMOTE_FORWARD)) {
        client.openSession();
        global(
            client,
            "tcpip-forward",
            packet -> {
              packet.putString("127.0.0.1");
              packet.putUInt(0);
            });
        RecordedSession session = gateway.sessions.getLast();
        if (which == Case.NOT_GRANTED) {
          client.next(SshConstants.SSH_MSG_REQUEST_FAILURE);
          assertTold(which, session, ChannelKind.REMOTE_FORWARD, "tcpip-forward");
          continue;
        }
        int port = (int) client.next(SshConstants.SSH_MSG_REQUEST_SUCCESS).getUInt();
        session(which);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
          socket.setSoTimeout((int) Deadlines.ACTION.toMillis());
          if (which == Case.GRANTED) {
            client.next(SshConstants.SSH_MSG_CHANNEL_OPEN);
          } else {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            assertNothingOpened(client);
          }
        }
        assertTold(which, session, ChannelKind.REMOTE_FORWARD, "tcpip-forward");
      }
    }
    for (Case which : Case.values()) {
      Path path = gateway.folder.resolve(which + ".sock");
      try (RawSshClient client = client(which, Capability.REMOTE_FORWARD)) {
        client.openSession();
        global(
            client, "streamlocal-forward@openssh.com", packet -> packet.putString(path.toString()));
        RecordedSession session = gateway.sessions.getLast();
        if (which == Case.NOT_GRANTED) {
          client.next(SshConstants.SSH_MSG_REQUEST_FAILURE);
          assertTold(which, session, ChannelKind.REMOTE_SOCKET_FORWARD, "streamlocal-forward");
          continue;
        }
        client.next(SshConstants.SSH_MSG_REQUEST_SUCCESS);
        session(which);
        try (SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX)) {
          socket.connect(UnixDomainSocketAddress.of(path));
          if (which == Case.GRANTED) {
            client.next(SshConstants.SSH_MSG_CHANNEL_OPEN);
          } else {
            assertThat(socket.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            assertNothingOpened(client);
          }
        }
        assertTold(which, session, ChannelKind.REMOTE_SOCKET_FORWARD, "streamlocal-forward");
      }
    }
  }

  @Test
  @DisplayName("The person's agent and display")
  void whatThePersonLends() throws Exception {
    for (Case which : Case.values()) {
      lent(
          which,
          Capability.AGENT_FORWARD,
          ChannelKind.AGENT,
          "auth-agent-req@openssh.com",
          packet -> {},
          "ssh-add -L");
      lent(
          which,
          Capability.X11,
          ChannelKind.X11,
          "x11-req",
          packet -> {
            packet.putBoolean(false);
            packet.putString("MIT-MAGIC-COOKIE-1");
            packet.putString("00112233445566778899aabbccddeeff");
            packet.putUInt(0);
          },
          "xdpyinfo");
    }
  }

  /// Lends something, then has a program at the target use it once its input is at its end.
  private void lent(
      Case which,
      Capability needs,
      ChannelKind kind,
      String request,
      Consumer<Buffer> arguments,
      String user)
      throws Exception {
    try (RawSshClient client = client(which, needs)) {
      long channel = client.openSession();
      request(client, channel, request, arguments);
      client.next(
          which == Case.NOT_GRANTED
              ? SshConstants.SSH_MSG_CHANNEL_FAILURE
              : SshConstants.SSH_MSG_CHANNEL_SUCCESS);
      client.exec(channel, "cat; " + user);
      client.next(SshConstants.SSH_MSG_CHANNEL_SUCCESS);
      RecordedSession session = session(which);
      client.send(SshConstants.SSH_MSG_CHANNEL_EOF, packet -> packet.putUInt(channel));
      if (which == Case.GRANTED) {
        client.next(SshConstants.SSH_MSG_CHANNEL_OPEN);
      } else {
        client.next(SshConstants.SSH_MSG_CHANNEL_CLOSE);
        assertNothingOpened(client);
      }
      assertTold(which, session, kind, request);
    }
  }

  private static void global(RawSshClient client, String name, Consumer<Buffer> arguments)
      throws IOException {
    client.send(
        SshConstants.SSH_MSG_GLOBAL_REQUEST,
        packet -> {
          packet.putString(name);
          packet.putBoolean(true);
          arguments.accept(packet);
        });
  }

  /// Whatever was on its way to the client has come before this is answered.
  private static void assertNothingOpened(RawSshClient client) throws Exception {
    global(client, "keepalive@openssh.com", packet -> {});
    List<Integer> came = new ArrayList<>();
    while (came.isEmpty() || came.getLast() != SshConstants.SSH_MSG_REQUEST_FAILURE) {
      came.add(client.next().command());
    }
    assertThat(came).doesNotContain((int) SshConstants.SSH_MSG_CHANNEL_OPEN);
  }
}
