package org.ongsung.protocols.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ongsung.model.Capability;
import org.ongsung.model.ChannelKind;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.Ports;
import org.ongsung.testkit.Program;
import org.ongsung.testkit.RunningProgram;

/// Forwarding of every kind: it works where the grant allows it, has a record each time, and is
/// refused in words where it does not.
class SshForwardsTest {
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

  private void allow(Capability... may) {
    gateway.grant("all-on-web-1", "web-1", Set.of("root"), EnumSet.copyOf(java.util.List.of(may)));
  }

  private static void awaitRefusal(RecordedSession session, String start) {
    Deadlines.await(
        "the refusal is in the ledger",
        () -> session.refusals.stream().anyMatch(r -> r.startsWith(start)));
  }

  /// Says `hello` to whoever connects, until closed.
  private static ServerSocket greeter() throws IOException {
    ServerSocket listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(
            () -> {
              while (true) {
                try (Socket socket = listening.accept()) {
                  socket.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                  return;
                }
              }
            });
    return listening;
  }

  private static String greetingAt(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) Deadlines.ACTION.toMillis());
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  @Test
  void aLocalForwardReachesWhatTheTargetReaches() throws IOException {
    int port = Ports.free();
    try (ServerSocket greeter = greeter();
        RunningProgram ssh =
            gateway
                .ssh("alice+web-1", "-N", "-L", port + ":127.0.0.1:" + greeter.getLocalPort())
                .start()) {
      Deadlines.await("the greeting comes", () -> greetingAt(port).equals("hello"));
      assertThat(ssh.alive()).isTrue();
      RecordedSession.Channel channel = gateway.session().channels.getLast();
      assertThat(channel.opened.kind()).isEqualTo(ChannelKind.LOCAL_FORWARD);
      assertThat(channel.opened.subject()).isEqualTo("127.0.0.1:" + greeter.getLocalPort());
      Deadlines.await("the record closes", () -> channel.closed);
      assertThat(channel.bytesToClient()).isEqualTo(5);
    }
  }

  @Test
  void aDynamicForwardReachesWhatTheTargetReaches() throws IOException {
    int port = Ports.free();
    try (ServerSocket greeter = greeter();
        RunningProgram _ = gateway.ssh("alice+web-1", "-N", "-D", "" + port).start()) {
      Deadlines.await(
          "the greeting comes through SOCKS",
          () -> {
            java.net.Proxy proxy =
                new java.net.Proxy(
                    java.net.Proxy.Type.SOCKS,
                    new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            try (Socket socket = new Socket(proxy)) {
              socket.connect(
                  new java.net.InetSocketAddress(
                      InetAddress.getLoopbackAddress(), greeter.getLocalPort()));
              return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                  .equals("hello");
            } catch (IOException e) {
              return false;
            }
          });
    }
  }

  @Test
  void aLocalForwardIsRefusedInWordsWithoutAGrant() throws IOException {
    allow(Capability.SHELL, Capability.EXEC);
    int port = Ports.free();
    try (ServerSocket greeter = greeter();
        RunningProgram ssh =
            gateway
                .ssh("alice+web-1", "-N", "-L", port + ":127.0.0.1:" + greeter.getLocalPort())
                .start()) {
      Deadlines.await(
          "the refusal is written",
          () -> {
            greetingAt(port);
            return ssh.stderr().contains("You may not use local forwarding");
          });
      awaitRefusal(gateway.session(), "local-forward 127.0.0.1:");
      assertThat(gateway.session().channels).isEmpty();
    }
  }

  @Test
  void aRemoteForwardBringsConnectionsBack() throws IOException {
    int port = Ports.free();
    try (ServerSocket greeter = greeter();
        RunningProgram _ =
            gateway
                .ssh("alice+web-1", "-N", "-R", port + ":127.0.0.1:" + greeter.getLocalPort())
                .start()) {
      Deadlines.await("the greeting comes", () -> greetingAt(port).equals("hello"));
      assertThat(gateway.session().channels.getLast().opened.kind())
          .isEqualTo(ChannelKind.REMOTE_FORWARD);
      assertThat(gateway.session().events).contains("forward.listen localhost:" + port);
    }
  }

  @Test
  void aRemoteForwardOnAPortOfTheTargetsChoiceWorks() throws IOException {
    try (ServerSocket greeter = greeter();
        RunningProgram ssh =
            gateway
                .ssh("alice+web-1", "-N", "-R", "0:127.0.0.1:" + greeter.getLocalPort())
                .start()) {
      ssh.awaitOutput("Allocated port ", Deadlines.ACTION);
      String said = ssh.stderr() + ssh.stdout();
      int port = Integer.parseInt(said.split("Allocated port ", -1)[1].split(" ", -1)[0]);
      Deadlines.await("the greeting comes", () -> greetingAt(port).equals("hello"));
    }
  }

  @Test
  void aRemoteForwardIsRefusedInWordsWithoutAGrant() {
    allow(Capability.EXEC);
    CompletedProgram done = gateway.ssh("alice+web-1", "-R", "0:127.0.0.1:1", "echo done").run();
    assertThat(done.stdout()).isEqualTo("done\n");
    assertThat(done.stderr()).contains("You may not use remote forwarding on web-1");
    awaitRefusal(gateway.session(), "remote-forward");
  }

  @Test
  void unixSocketsAreForwardedBothWays() throws IOException {
    Path there = gateway.folder.resolve("there.sock");
    Path here = gateway.folder.resolve("here.sock");
    Path back = gateway.folder.resolve("back.sock");
    try (ServerSocketChannel greeter = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      greeter.bind(UnixDomainSocketAddress.of(there));
      Thread.ofVirtual()
          .start(
              () -> {
                while (true) {
                  try (SocketChannel one = greeter.accept()) {
                    one.write(ByteBuffer.wrap("hello".getBytes(StandardCharsets.UTF_8)));
                  } catch (IOException e) {
                    return;
                  }
                }
              });
      try (RunningProgram _ =
          gateway
              .ssh("alice+web-1", "-N", "-L", here + ":" + there, "-R", back + ":" + there)
              .start()) {
        Deadlines.await("the greeting comes here", () -> greetingAt(here).equals("hello"));
        Deadlines.await("the greeting comes back", () -> greetingAt(back).equals("hello"));
      }
    }
    assertThat(gateway.session().channels.stream().map(c -> c.opened.kind()))
        .contains(ChannelKind.LOCAL_SOCKET_FORWARD, ChannelKind.REMOTE_SOCKET_FORWARD);
  }

  private static String greetingAt(Path socket) {
    if (!Files.exists(socket)) {
      return "";
    }
    try (SocketChannel one = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      ByteBuffer read = ByteBuffer.allocate(16);
      while (one.read(read) > 0) {
        // until the end
      }
      return StandardCharsets.UTF_8.decode(read.flip()).toString();
    } catch (IOException e) {
      return "";
    }
  }

  @Test
  void theAgentIsLentWhereGrantedAndNotOtherwise() {
    Path socket = gateway.folder.resolve("agent");
    try (RunningProgram agent = Program.of("ssh-agent", "-D", "-a", socket.toString()).start()) {
      Deadlines.await("the agent is there", () -> Files.exists(socket));
      Program.of("ssh-add", gateway.alice.privateKeyFile().toString())
          .environment("SSH_AUTH_SOCK", socket.toString())
          .run()
          .expectSuccess();
      gateway.client.configure("IdentityAgent " + socket);

      assertThat(gateway.ssh("alice+web-1", "-A", "ssh-add -L").run().expectSuccess().stdout())
          .contains(gateway.alice.publicLine().split(" ", -1)[1]);
      assertThat(gateway.session().channels.stream().map(c -> c.opened.kind()))
          .contains(ChannelKind.AGENT);

      allow(Capability.EXEC);
      CompletedProgram refused = gateway.ssh("alice+web-1", "-A", "ssh-add -L").run();
      assertThat(refused.exit()).isNotZero();
      assertThat(refused.stderr()).contains("You may not use agent forwarding on web-1");
      awaitRefusal(gateway.sessions.getLast(), "agent");
      assertThat(agent.alive()).isTrue();
    }
  }

  @Test
  void aDisplayIsLentWhereGrantedAndNotOtherwise() {
    // It takes a number that is free, and tells it once it listens.
    try (RunningProgram x =
        Program.of("Xvfb", "-displayfd", "1", "-nolisten", "tcp", "-ac").start()) {
      String display = x.awaitOutput("\n", Deadlines.SERVICE).stdout().strip();
      assertThat(display).matches("[0-9]+");
      assertThat(
              gateway
                  .ssh("alice+web-1", "-Y", "xdpyinfo | head -1")
                  .environment("DISPLAY", ":" + display)
                  .run()
                  .stdout())
          .contains("name of display");
      assertThat(gateway.session().channels.stream().map(c -> c.opened.kind()))
          .contains(ChannelKind.X11);

      allow(Capability.EXEC);
      assertThat(
              gateway
                  .ssh("alice+web-1", "-Y", "xdpyinfo | head -1")
                  .environment("DISPLAY", ":" + display)
                  .run()
                  .stderr())
          .contains("You may not use X11 forwarding on web-1");
    }
  }
}
