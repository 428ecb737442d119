package org.ongsung.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// Ports of the loopback interface.
public final class Ports {
  private Ports() {}

  /// Below what Debian gives to outgoing connections (32768 and up), so that none takes a port
  /// between its choice and its use, and above what services of a machine usually have.
  private static final int FIRST = 20_000;

  private static final int COUNT = 12_000;

  /// A port that was free a moment ago, for programs that cannot choose one by themselves. Any of
  /// thousands, so that tests in several processes hardly ever choose the same.
  ///
  /// @throws UncheckedIOException if none of a hundred is free
  public static int free() {
    IOException last = new IOException("no port was tried");
    for (int tries = 0; tries < 100; tries++) {
      int port = FIRST + ThreadLocalRandom.current().nextInt(COUNT);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException e) {
        last = e;
      }
    }
    throw new UncheckedIOException("no free port was found", last);
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
