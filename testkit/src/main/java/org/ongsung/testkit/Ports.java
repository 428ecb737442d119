package org.ongsung.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;

/// Ports of the loopback interface.
public final class Ports {
  private Ports() {}

  /// A port that was free a moment ago, for programs that cannot choose one by themselves.
  public static int free() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
