package org.ongsung.bench.telnet;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A target that echoes every key, and on the key `!` sends a bulk of text that ends with `~`.
final class EchoTarget implements AutoCloseable {
  /// What it says first, so that a client knows that it is there.
  static final String GREETING = "ready";

  private static final byte[] LINE =
      "0123456789 the quick brown fox jumps over the lazy dog, 한글 한 줄\r\n"
          .getBytes(StandardCharsets.UTF_8);

  private final ServerSocket listener;
  private final long bulkBytes;

  EchoTarget(long bulkBytes) throws IOException {
    this.bulkBytes = bulkBytes;
    this.listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        socket.setTcpNoDelay(true);
        Thread.ofPlatform().daemon().start(() -> serve(socket));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = socket.getInputStream();
      OutputStream out = socket.getOutputStream();
      out.write((GREETING + "\r\n").getBytes(StandardCharsets.US_ASCII));
      byte[] buffer = new byte[8_192];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (n > 0 && buffer[n - 1] == '!') {
          bulk(out);
        } else {
          out.write(buffer, 0, n);
        }
      }
    } catch (IOException e) {
      // The client is gone.
    }
  }

  private void bulk(OutputStream to) throws IOException {
    byte[] block = new byte[LINE.length * 128];
    for (int at = 0; at < block.length; at += LINE.length) {
      System.arraycopy(LINE, 0, block, at, LINE.length);
    }
    BufferedOutputStream out = new BufferedOutputStream(to, 65_536);
    for (long left = bulkBytes; left > 0; left -= block.length) {
      out.write(left < block.length ? Arrays.copyOf(block, (int) left) : block);
    }
    out.write('~');
    out.flush();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
