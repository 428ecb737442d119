package org.ongsung.protocols.telnet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ongsung.gateway.terminal.TerminalInputQueue;
import org.ongsung.testkit.Deadlines;

/// A person whose typing nobody takes.
class TelnetFrontTest {
  private static byte[] keys(int bytes) {
    byte[] keys = new byte[bytes];
    Arrays.fill(keys, (byte) 'x');
    return keys;
  }

  /// Waits until the front knows that the client is gone, or its deadline is over.
  private static void awaitLeft(TelnetFront front) throws Exception {
    FutureTask<Boolean> left =
        new FutureTask<>(
            () -> {
              front.awaitLeft();
              return true;
            });
    Thread.ofVirtual().start(left);
    assertThat(left.get(Deadlines.ACTION.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {10, TerminalInputQueue.MAX_BYTES + 1_000})
  void whoLeavesIsMissedHoweverMuchOfTheirTypingWaits(int bytes) throws Exception {
    try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      TelnetFront front;
      try (Socket client = new Socket(InetAddress.getLoopbackAddress(), listening.getLocalPort())) {
        Socket accepted = listening.accept();
        front = new TelnetFront(accepted, accepted, 2 * TerminalInputQueue.MAX_BYTES);
        front.start();
        client.getOutputStream().write(keys(bytes));
      }
      awaitLeft(front);
      front.hangUp();
    }
  }

  @Test
  void whoStaysAndIsNotReadIsNotTakenForGone() throws IOException, InterruptedException {
    try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket client = new Socket(InetAddress.getLoopbackAddress(), listening.getLocalPort())) {
      Socket accepted = listening.accept();
      TelnetFront front = new TelnetFront(accepted, accepted, 2 * TerminalInputQueue.MAX_BYTES);
      front.start();
      client.getOutputStream().write(keys(TerminalInputQueue.MAX_BYTES + 1_000));
      client.setSoTimeout((int) Deadlines.ACTION.toMillis());
      int last = 0;
      for (int looks = 0; looks < 2; last = client.getInputStream().read()) {
        assertThat(last).isNotNegative();
        looks += last == 241 ? 1 : 0; // NOP, RFC 854
      }
      assertThat(front.next()).isInstanceOf(org.ongsung.gateway.terminal.TerminalInput.Typed.class);
      front.hangUp();
    }
  }
}
