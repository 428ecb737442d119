package org.ongsung.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// A TCP client that says exactly what a test has it say, Telnet or not, and keeps what came.
public final class RawTelnetClient implements AutoCloseable {
  private final Socket socket;
  private final ByteArrayOutputStream came = new ByteArrayOutputStream();
  private volatile boolean ended;

  /// Connects to the loopback interface from `source`.
  ///
  /// @param source an address of the loopback network, such as `127.0.0.2`
  public RawTelnetClient(String source, int port) {
    this(plain(source, port));
  }

  /// Talks over a socket that is connected.
  public RawTelnetClient(Socket socket) {
    this.socket = socket;
    Thread.ofVirtual().name("raw-telnet").start(this::collect);
  }

  private static Socket plain(String source, int port) {
    try {
      Socket made = new Socket();
      made.bind(new InetSocketAddress(InetAddress.ofLiteral(source), 0));
      made.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
          Math.toIntExact(Deadlines.ACTION.toMillis()));
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void collect() {
    byte[] buffer = new byte[8_192];
    try {
      InputStream in = socket.getInputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        synchronized (came) {
          came.write(buffer, 0, n);
        }
      }
    } catch (IOException e) {
      // The end, in another way.
    }
    ended = true;
  }

  /// Sends text, UTF-8.
  public RawTelnetClient type(String text) {
    return send(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Sends bytes, each given as a number from 0 to 255.
  public RawTelnetClient send(int... bytes) {
    byte[] out = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      out[i] = (byte) bytes[i];
    }
    return send(out);
  }

  /// Sends bytes.
  public RawTelnetClient send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Sends one byte as urgent data, as a Telnet Synch does.
  public RawTelnetClient urgent(int b) {
    try {
      socket.sendUrgentData(b);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What came so far, one character a byte.
  public String came() {
    synchronized (came) {
      return came.toString(StandardCharsets.ISO_8859_1);
    }
  }

  /// What came so far as text.
  public String text() {
    synchronized (came) {
      return came.toString(StandardCharsets.UTF_8);
    }
  }

  /// Waits until this came.
  public RawTelnetClient await(String text) {
    Deadlines.await(
        "\"" + text + "\" comes",
        () -> {
          if (ended && !text().contains(text)) {
            throw new AssertionError("ended without \"" + text + "\": " + text());
          }
          return text().contains(text);
        });
    return this;
  }

  /// Waits until the other side has closed.
  public RawTelnetClient awaitEnd(Duration deadline) {
    Deadlines.await("the connection is closed", deadline, () -> ended);
    return this;
  }

  /// Whether the other side has closed.
  public boolean ended() {
    return ended;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
