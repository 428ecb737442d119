package org.ongsung.protocols.ssh.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.core.CoreModuleProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class MinaOverEventLoopsTest {

  private static final TransportLimits LIMITS = TransportLimits.forCores(2);

  static String receive(ClientSession session, long bytes) throws Exception {
    try (ChannelExec exec = session.createExecChannel("send " + bytes)) {
      exec.open().verify(TestServer.WAIT);
      String summary = Pattern.summary(exec.getInvertedOut());
      exec.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), TestServer.WAIT);
      assertThat(exec.getExitStatus()).isZero();
      return summary;
    }
  }

  static String send(ClientSession session, long bytes) throws Exception {
    try (ChannelExec exec = session.createExecChannel("sink")) {
      exec.open().verify(TestServer.WAIT);
      try (OutputStream out = exec.getInvertedIn()) {
        Pattern.write(out, bytes);
      }
      String summary =
          new String(exec.getInvertedOut().readAllBytes(), StandardCharsets.UTF_8).strip();
      exec.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), TestServer.WAIT);
      return summary;
    }
  }

  @Test
  void bytesArriveWholeBothWays() throws Exception {
    try (TestServer test = new TestServer(LIMITS);
        ClientSession session = test.connect()) {
      assertThat(receive(session, 20_000_000)).isEqualTo(Pattern.summary(20_000_000));
      assertThat(send(session, 20_000_000)).isEqualTo(Pattern.summary(20_000_000));
      assertThat(test.loops.handshakes()).isZero();
      assertThat(test.loops.connections()).isEqualTo(1);
    }
  }

  @Test
  void bytesArriveWholeWhileEitherSideAsksForNewKeysAgainAndAgain() throws Exception {
    try (TestServer test =
            new TestServer(
                LIMITS, server -> CoreModuleProperties.REKEY_BYTES_LIMIT.set(server, 1L << 20));
        ClientSession session = test.connect()) {
      assertThat(receive(session, 30_000_000)).isEqualTo(Pattern.summary(30_000_000));
      assertThat(send(session, 30_000_000)).isEqualTo(Pattern.summary(30_000_000));
    }
    try (TestServer test = new TestServer(LIMITS)) {
      CoreModuleProperties.REKEY_BYTES_LIMIT.set(test.client, 1L << 20);
      try (ClientSession session = test.connect()) {
        assertThat(receive(session, 30_000_000)).isEqualTo(Pattern.summary(30_000_000));
        assertThat(send(session, 30_000_000)).isEqualTo(Pattern.summary(30_000_000));
      }
    }
  }

  @Test
  void manySessionsShareTwoLoops() throws Exception {
    try (TestServer test = new TestServer(LIMITS);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> summaries = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        summaries.add(
            threads.submit(
                () -> {
                  try (ClientSession session = test.connect()) {
                    return receive(session, 1_000_000);
                  }
                }));
      }
      for (Future<String> summary : summaries) {
        assertThat(summary.get()).isEqualTo(Pattern.summary(1_000_000));
      }
    }
  }
}
