package org.ongsung.protocols.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.SessionState;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.RunningProgram;

/// What people do with OpenSSH's client, through the gateway, at a real sshd.
class SshRelayTest {
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

  @Test
  void aCommandRunsAndIsRecorded() {
    CompletedProgram done = gateway.ssh("alice+web-1", "echo hi; echo no >&2; exit 3").run();

    assertThat(done.exit()).isEqualTo(3);
    assertThat(done.stdout()).isEqualTo("hi\n");
    assertThat(done.stderr()).isEqualTo("no\n");
    RecordedSession session = gateway.session();
    Deadlines.await("the session has ended", () -> session.state == SessionState.ENDED);
    RecordedSession.Channel channel = session.channels.getFirst();
    assertThat(channel.opened.kind()).isEqualTo(ChannelKind.EXEC);
    assertThat(channel.opened.subject()).isEqualTo("echo hi; echo no >&2; exit 3");
    assertThat(channel.output()).isEqualTo("hi\n");
    assertThat(channel.errorOutput()).isEqualTo("no\n");
    assertThat(channel.exitStatus).isEqualTo(3);
    assertThat(channel.closed).isTrue();
  }

  @Test
  void theAccountMayBeNamedAndTheSeparatorMayBeAColon() {
    assertThat(gateway.ssh("alice+root+web-1", "echo hi").run().stdout()).isEqualTo("hi\n");
    assertThat(gateway.ssh("alice:web-1", "echo hi").run().stdout()).isEqualTo("hi\n");
  }

  @Test
  void standardInputComesToItsEndAndTheAnswerStillArrives() {
    byte[] bytes = new byte[5_000_000];
    new Random(1).nextBytes(bytes);

    CompletedProgram done = gateway.ssh("alice+web-1", "cat").input(bytes).run().expectSuccess();

    assertThat(Arrays.equals(done.stdoutBytes(), bytes)).isTrue();
    assertThat(gateway.session().channels.getFirst().bytesFromClient).hasValue(bytes.length);
  }

  @Test
  void aShellOnATerminalIsRecordedWithItsSize() throws Exception {
    try (RunningProgram shell =
        gateway.client.sshOnTerminal(withHost(gateway.options("alice+web-1"))).start()) {
      shell.type("echo $((40+2)); exit\n").awaitOutput("42", Deadlines.ACTION);
      assertThat(shell.await(Deadlines.ACTION).exit()).isZero();
    }
    RecordedSession.Channel channel = gateway.session().channels.getFirst();
    assertThat(channel.opened.kind()).isEqualTo(ChannelKind.SHELL);
    assertThat(channel.terminal).isNotNull();
    assertThat(channel.input()).contains("echo");
    assertThat(channel.output()).contains("42");
  }

  private static String[] withHost(String[] options) {
    String[] all = Arrays.copyOf(options, options.length + 1);
    all[options.length] = "127.0.0.1";
    return all;
  }
}
