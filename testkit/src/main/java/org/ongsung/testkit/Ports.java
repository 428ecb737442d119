package org.ongsung.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/// Ports of the loopback interface.
public final class Ports {
  private Ports() {}

  /// Below what Debian gives to outgoing connections (32768 and up), so that none takes a port
  /// between its choice and its use, and above what services of a machine usually have.
  private static final int FIRST = 20_000;

  private static final int ROWS = 60;
  private static final int PORTS_IN_A_ROW = 200;

  /// The row of ports that is this process's own: as long as it lives it listens on the first of
  /// them, so that no other process that runs tests hands out the same.
  private static final class Own {
    static final ServerSocket HELD = hold();

    private static int next = HELD.getLocalPort();

    private static ServerSocket hold() {
      int start = ThreadLocalRandom.current().nextInt(ROWS);
      for (int i = 0; i < ROWS; i++) {
        int port = FIRST + (start + i) % ROWS * PORTS_IN_A_ROW;
        try {
          return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
          // It is another process's.
        }
      }
      throw new IllegalStateException("all rows of ports are taken");
    }

    /// The first of the `count` ports whose turn it is.
    static synchronized int take(int count) {
      int end = HELD.getLocalPort() + PORTS_IN_A_ROW;
      int first = next + count < end ? next + 1 : HELD.getLocalPort() + 1;
      next = first + count - 1;
      return first;
    }
  }

  /// A port that is free, for programs that cannot choose one by themselves. No other test is given
  /// it before a hundred others were.
  ///
  /// @throws IllegalStateException if none is free
  public static int free() {
    return free(1);
  }

  /// The first of so many free ports that follow each other, at most 20.
  ///
  /// @throws IllegalStateException if there are none
  public static int free(int count) {
    if (count < 1 || count > 20) {
      throw new IllegalArgumentException("1 to 20 ports, not " + count);
    }
    for (int tries = 0; tries < PORTS_IN_A_ROW; tries++) {
      int first = Own.take(count);
      if (IntStream.range(first, first + count).allMatch(Ports::isFree)) {
        return first;
      }
    }
    throw new IllegalStateException("no free port was found");
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  /// Whether something listens there.
  public static boolean listening(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /// Waits until something listens there.
  public static void awaitListening(int port, Duration deadline) {
    Deadlines.await("something listens on port " + port, deadline, () -> listening(port));
  }
}
