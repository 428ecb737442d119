package org.ongsung.protocols.telnet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ongsung.gateway.terminal.TerminalInput;
import org.ongsung.gateway.terminal.TerminalInputQueue;
import org.ongsung.gateway.terminal.TerminalSignal;
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

  enum Read {
    BY_A_LOOP,
    BY_A_THREAD
  }

  private final TelnetLoop loop = new TelnetLoop(0);

  @BeforeEach
  void start() {
    loop.start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    loop.stop();
    assertThat(loop.join(Deadlines.ACTION)).isTrue();
  }

  private static ServerSocketChannel listening() throws IOException {
    return ServerSocketChannel.open()
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
  }

  private TelnetFront front(SocketChannel accepted, Read read) throws IOException {
    int bytesBeforeLogin = 2 * TerminalInputQueue.MAX_BYTES;
    return read == Read.BY_A_LOOP
        ? new TelnetFront(accepted, loop, bytesBeforeLogin)
        : new TelnetFront(accepted.socket(), accepted.socket(), bytesBeforeLogin);
  }

  private static Socket client(ServerSocketChannel listening) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), listening.socket().getLocalPort());
  }

  @ParameterizedTest
  @EnumSource
  void whoLeavesIsMissed(Read read) throws Exception {
    leaves(read, 10);
  }

  @ParameterizedTest
  @EnumSource
  void whoLeavesIsMissedHoweverMuchOfTheirTypingWaits(Read read) throws Exception {
    leaves(read, TerminalInputQueue.MAX_BYTES + 1_000);
  }

  private void leaves(Read read, int bytes) throws Exception {
    try (ServerSocketChannel listening = listening()) {
      TelnetFront front;
      try (Socket client = client(listening)) {
        front = front(listening.accept(), read);
        front.start();
        client.getOutputStream().write(keys(bytes));
      }
      awaitLeft(front);
      front.hangUp();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoStaysAndIsNotReadIsNotTakenForGone(Read read) throws IOException, InterruptedException {
    try (ServerSocketChannel listening = listening();
        Socket client = client(listening)) {
      TelnetFront front = front(listening.accept(), read);
      front.start();
      client.getOutputStream().write(keys(TerminalInputQueue.MAX_BYTES + 1_000));
      client.setSoTimeout((int) Deadlines.ACTION.toMillis());
      int last = 0;
      for (int looks = 0; looks < 2; last = client.getInputStream().read()) {
        assertThat(last).isNotNegative();
        looks += last == 241 ? 1 : 0; // NOP, RFC 854
      }
      assertThat(front.next()).isInstanceOf(TerminalInput.Typed.class);
      front.hangUp();
    }
  }

  @ParameterizedTest
  @EnumSource
  void allThatWasTypedIsTakenInTheEndHoweverLongItWaited(Read read) throws Exception {
    int bytes = TerminalInputQueue.MAX_BYTES + 40_000;
    try (ServerSocketChannel listening = listening();
        Socket client = client(listening)) {
      TelnetFront front = front(listening.accept(), read);
      front.start();
      client.getOutputStream().write(keys(bytes));
      int taken = 0;
      while (taken < bytes) {
        taken += front.next() instanceof TerminalInput.Typed typed ? typed.bytes().length : 0;
      }
      assertThat(taken).isEqualTo(bytes);
      front.hangUp();
    }
  }

  @ParameterizedTest
  @EnumSource
  void keysAndCommandsComeInTheirOrder(Read read) throws Exception {
    try (ServerSocketChannel listening = listening();
        Socket client = client(listening)) {
      TelnetFront front = front(listening.accept(), read);
      front.start();
      client.getOutputStream().write(new byte[] {'a', (byte) 255, (byte) 244, 'b'}); // IP
      assertThat(front.next()).isInstanceOf(TerminalInput.Typed.class);
      assertThat(front.next()).isEqualTo(new TerminalInput.Signalled(TerminalSignal.INTERRUPT));
      assertThat(front.next()).isInstanceOf(TerminalInput.Typed.class);
      front.hangUp();
    }
  }
}
