package org.ongsung.protocols.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.cipher.Cipher;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.io.nio2.Nio2ServiceFactoryFactory;
import org.apache.sshd.common.kex.KexProposalOption;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.ServerFactoryManager;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.UserAuthFactory;
import org.apache.sshd.server.auth.keyboard.UserAuthKeyboardInteractiveFactory;
import org.apache.sshd.server.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;
import org.apache.sshd.server.session.ServerSessionImpl;
import org.apache.sshd.server.session.SessionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.ongsung.model.SecretKind;
import org.ongsung.model.SessionState;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.OpenSshServer;

/// Targets that are old, strange or hostile.
class SshTargetRegressionTest {
  private SshGateway gateway;
  private OpenSshServer other;
  private @Nullable SshServer target;

  @BeforeEach
  void start() {
    other = OpenSshServer.builder().start();
    gateway = new SshGateway();
  }

  @AfterEach
  void stop() throws IOException {
    if (target != null) {
      target.stop(true);
    }
    gateway.close();
    other.close();
  }

  /// What a strange target does when a command is run.
  @FunctionalInterface
  private interface Behaviour {
    void run(ChannelSession channel) throws IOException;
  }

  private SshServer target(boolean strict, Behaviour behaviour) {
    SshServer made = SshServer.setUpDefaultServer();
    made.setIoServiceFactoryFactory(new Nio2ServiceFactoryFactory());
    made.setHost("127.0.0.1");
    Path key = gateway.folder.resolve("target.key");
    SimpleGeneratorHostKeyProvider keys = new SimpleGeneratorHostKeyProvider(key);
    keys.setAlgorithm("EC");
    made.setKeyPairProvider(keys);
    made.setPasswordAuthenticator((user, password, session) -> password.equals("sesame"));
    made.setCommandFactory((channel, command) -> new Strange(behaviour));
    if (!strict) {
      made.setSessionFactory(
          new SessionFactory(made) {
            @Override
            protected ServerSessionImpl doCreateSession(IoSession io) throws Exception {
              return new WithoutStrictKex(getServer(), io);
            }
          });
    }
    target = made;
    return made;
  }

  private void listen(SshServer made) throws IOException {
    made.start();
    gateway.target("web-1", "127.0.0.1:" + made.getPort(), other, Set.of("root"), List.of());
    gateway.forgetSecrets();
    gateway.secret("web-1", "root", SecretKind.PASSWORD, "sesame");
  }

  private static void sayHi(ChannelSession channel) throws IOException {
    // the caller says it
  }

  @Test
  @DisplayName("A password and keyboard-interactive let the gateway in at a target")
  void passwords() throws IOException {
    SshServer made = target(true, SshTargetRegressionTest::sayHi);
    listen(made);
    List<List<UserAuthFactory>> ways =
        List.of(
            List.of(UserAuthPasswordFactory.INSTANCE),
            List.of(UserAuthKeyboardInteractiveFactory.INSTANCE));
    for (List<UserAuthFactory> way : ways) {
      made.setUserAuthFactories(way);
      assertThat(gateway.ssh("alice+web-1", "x").run().stdout()).isEqualTo("hi\n");
    }
  }

  @Test
  @DisplayName(
      "A target without strict key exchange gets AES-GCM and nothing else (CVE-2023-48795)")
  void withoutStrictKex() throws IOException {
    SshServer made = target(false, SshTargetRegressionTest::sayHi);
    made.setCipherFactories(List.<NamedFactory<Cipher>>of(BuiltinCiphers.aes256gcm));
    listen(made);
    assertThat(gateway.ssh("alice+web-1", "x").run().stdout()).isEqualTo("hi\n");
    made.setCipherFactories(List.<NamedFactory<Cipher>>of(BuiltinCiphers.cc20p1305_openssh));
    CompletedProgram done = gateway.ssh("alice+web-1", "x").run().expectExit(255);
    assertThat(done.stderr())
        .contains("no strict key exchange")
        .contains("chacha20-poly1305@openssh.com");
  }

  @Test
  @DisplayName("A target that breaks the protocol ends its own session, and the person is told")
  void brokenTarget() throws IOException {
    SshServer made =
        target(
            true,
            channel -> {
              Buffer packet =
                  channel.getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_SUCCESS, 16);
              packet.putUInt(77);
              var _ = channel.getSession().writePacket(packet);
            });
    listen(made);
    CompletedProgram done = gateway.ssh("alice+web-1", "x").run();
    assertThat(done.exit()).isEqualTo(255);
    assertThat(done.stderr()).contains("The connection to web-1 was lost");
    Deadlines.await("the session has ended", () -> gateway.session().state == SessionState.ENDED);
  }

  @Test
  @DisplayName("A target that opens channels nobody asked for is refused")
  void unaskedChannels() throws IOException {
    SshServer made =
        target(
            true,
            channel -> {
              for (String type :
                  List.of("auth-agent@openssh.com", "x11", "forwarded-tcpip", "session")) {
                Buffer packet =
                    channel.getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_OPEN, 64);
                packet.putString(type);
                packet.putUInt(1_000);
                packet.putUInt(1 << 20);
                packet.putUInt(32_768);
                packet.putString("127.0.0.1");
                packet.putUInt(22);
                packet.putString("127.0.0.1");
                packet.putUInt(22);
                var _ = channel.getSession().writePacket(packet);
              }
            });
    listen(made);
    assertThat(gateway.ssh("alice+web-1", "x").run().stdout()).isEqualTo("hi\n");
    RecordedSession session = gateway.session();
    Deadlines.await("all are refused", () -> session.refusals.size() == 3);
    assertThat(session.refusals)
        .anyMatch(r -> r.startsWith("agent"))
        .anyMatch(r -> r.startsWith("x11"))
        .anyMatch(r -> r.startsWith("remote-forward"));
    assertThat(session.channels).hasSize(1);
  }

  @Test
  @DisplayName("Garbage from a target is a target that hung up")
  void garbage() throws IOException {
    Random random = new Random(3);
    try (ServerSocket listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(
              () -> {
                for (int i = 0; ; i++) {
                  try (Socket socket = listening.accept()) {
                    byte[] bytes = new byte[5_000];
                    random.nextBytes(bytes);
                    if (i % 2 == 1) {
                      socket
                          .getOutputStream()
                          .write("SSH-2.0-x\r\n".getBytes(StandardCharsets.UTF_8));
                    }
                    socket.getOutputStream().write(bytes);
                  } catch (IOException e) {
                    if (listening.isClosed()) {
                      return;
                    }
                  }
                }
              });
      gateway.target(
          "web-1",
          "127.0.0.1:" + listening.getLocalPort(),
          other,
          Set.of("root"),
          other.hostKeys());
      for (int i = 0; i < 4; i++) {
        CompletedProgram done = gateway.ssh("alice+web-1", "x").run().expectExit(255);
        assertThat(done.stderr()).contains("ongsung: web-1 ").doesNotContain("Exception");
      }
    }
  }

  /// A server of before 2023.
  private static final class WithoutStrictKex extends ServerSessionImpl {
    WithoutStrictKex(ServerFactoryManager server, IoSession io) throws Exception {
      super(server, io);
    }

    @Override
    protected Map<KexProposalOption, String> doStrictKexProposal(
        Map<KexProposalOption, String> proposal) {
      return proposal;
    }
  }

  /// Does something strange, then says hi.
  private static final class Strange implements Command {
    private final Behaviour behaviour;
    private @Nullable OutputStream out;
    private @Nullable ExitCallback exit;

    Strange(Behaviour behaviour) {
      this.behaviour = behaviour;
    }

    @Override
    public void setInputStream(InputStream in) {}

    @Override
    public void setOutputStream(OutputStream to) {
      out = to;
    }

    @Override
    public void setErrorStream(OutputStream to) {}

    @Override
    public void setExitCallback(ExitCallback callback) {
      exit = callback;
    }

    @Override
    public void start(ChannelSession channel, Environment environment) throws IOException {
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  behaviour.run(channel);
                  if (out != null && exit != null) {
                    out.write("hi\n".getBytes(StandardCharsets.UTF_8));
                    out.flush();
                    exit.onExit(0);
                  }
                } catch (IOException e) {
                  channel.close(true);
                }
              });
    }

    @Override
    public void destroy(ChannelSession channel) {}
  }
}
