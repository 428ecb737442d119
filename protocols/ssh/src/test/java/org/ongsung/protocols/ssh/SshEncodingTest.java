package org.ongsung.protocols.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ongsung.model.TextEncoding;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.RunningProgram;

/// A target whose terminals write EUC-KR, at a real sshd, for people whose terminals have UTF-8.
class SshEncodingTest {
  private static final Charset EUC_KR = TextEncoding.EUC_KR.charset();
  private static final int SMALL_WINDOW_BYTES = 5;

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
    gateway = new SshGateway().target("web-1", server).encoding("web-1", TextEncoding.EUC_KR);
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private String[] onTerminal(String... command) {
    String[] options = gateway.options("alice+web-1");
    String[] all = Arrays.copyOf(options, options.length + 2 + command.length);
    all[options.length] = "-tt";
    all[options.length + 1] = "127.0.0.1";
    System.arraycopy(command, 0, all, options.length + 2, command.length);
    return all;
  }

  @Test
  void aTerminalIsTranslatedBothWaysAndTheRecordHasWhatEachSent() {
    try (RunningProgram shell = gateway.client.sshOnTerminal(onTerminal()).start()) {
      shell.type("printf '[\\307\\321\\261\\333]\\n'\n").awaitOutput("[한글]", Deadlines.ACTION);
      shell.type("read -r x; printf %s \"$x\" | od -An -tx1\n");
      shell.type("가나\n").awaitOutput("b0 a1 b3 aa", Deadlines.ACTION);
      shell.type("exit\n").await(Deadlines.ACTION);
    }
    RecordedSession.Channel record = gateway.session().channels.getFirst();
    assertThat(record.fromTarget.toString(EUC_KR)).contains("[한글]");
    assertThat(record.input()).contains("가나");
  }

  @Test
  void aCommandAndItsStreamsPassAsTheyAre() {
    byte[] bytes = new byte[1_000_000];
    new Random(1).nextBytes(bytes);
    CompletedProgram done =
        gateway.ssh("alice+web-1", "cat; printf '\\307'").input(bytes).run().expectSuccess();
    byte[] expected = Arrays.copyOf(bytes, bytes.length + 1);
    expected[bytes.length] = (byte) 0xc7;
    assertThat(Arrays.equals(done.stdoutBytes(), expected)).isTrue();
  }

  @Test
  void muchOutputOfATerminalComesWholeAndHalfACharacterAtItsEndIsReplaced() {
    String command =
        "i=0; while [ $i -lt 20000 ]; do printf '\\307\\321\\261\\333%d\\n' $i; i=$((i+1)); done;"
            + " printf '\\307'";
    CompletedProgram done = gateway.client.ssh(onTerminal(command)).run();
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      expected.append("한글").append(i).append("\r\n");
    }
    assertThat(done.stdout()).isEqualTo(expected.append('\ufffd').toString());
  }

  @Test
  void whatGrowsPastAClientsWindowWaitsForItAndWhatIsTypedArrives() throws Exception {
    try (RawSshClient client = new RawSshClient(gateway.port()).login("alice+web-1")) {
      long channel = openTerminal(client);
      client.exec(
          channel,
          "printf '\\307\\321\\261\\333\\260\\241\\263\\252\\377\\377.'; read -r x;"
              + " printf %s \"$x\" | od -An -tx1");
      assertThat(shownInSmallWindows(client, channel, "한글한글\n"))
          .contains("한글가나\ufffd\ufffd.")
          .contains("c7 d1 b1 db c7 d1 b1 db");
    }
  }

  private static long openTerminal(RawSshClient client) throws Exception {
    client.send(
        SshConstants.SSH_MSG_CHANNEL_OPEN,
        packet -> {
          packet.putString("session");
          packet.putUInt(7);
          packet.putUInt(SMALL_WINDOW_BYTES);
          packet.putUInt(32_768);
        });
    Buffer confirmed = client.next(SshConstants.SSH_MSG_CHANNEL_OPEN_CONFIRMATION);
    confirmed.getUInt();
    long channel = confirmed.getUInt();
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
          packet.putString("\0");
        });
    return channel;
  }

  /// All that comes, by a client that gives back what it took and never more than a few bytes, and
  /// types once it may: sshd lets nothing be typed before the program has begun.
  private static String shownInSmallWindows(RawSshClient client, long channel, String text)
      throws Exception {
    byte[] typed = text.getBytes(StandardCharsets.UTF_8);
    boolean mayType = false;
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    while (true) {
      RawSshClient.Packet packet = client.next();
      switch (packet.command()) {
        case SshConstants.SSH_MSG_CHANNEL_DATA -> {
          packet.rest().getUInt();
          byte[] bytes = packet.rest().getBytes();
          assertThat(bytes).hasSizeBetween(1, SMALL_WINDOW_BYTES);
          shown.writeBytes(bytes);
          client.send(
              SshConstants.SSH_MSG_CHANNEL_WINDOW_ADJUST,
              adjust -> {
                adjust.putUInt(channel);
                adjust.putUInt(bytes.length);
              });
        }
        case SshConstants.SSH_MSG_CHANNEL_WINDOW_ADJUST -> {
          if (!mayType) {
            mayType = true;
            client.send(
                SshConstants.SSH_MSG_CHANNEL_DATA,
                data -> {
                  data.putUInt(channel);
                  data.putBytes(typed);
                });
          }
        }
        case SshConstants.SSH_MSG_CHANNEL_CLOSE -> {
          return shown.toString(StandardCharsets.UTF_8);
        }
        case RawSshClient.CLOSED -> throw new AssertionError("closed: " + client.disconnect());
        default -> {}
      }
    }
  }
}
