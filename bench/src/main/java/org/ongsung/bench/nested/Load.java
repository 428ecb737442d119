package org.ongsung.bench.nested;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Many connections that are opened first, and then each send one request at once. One thread, so
/// that the cores are the server's as far as they can be.
final class Load implements AutoCloseable {
  private static final int OPENING_AT_ONCE = 500;
  private static final long SILENCE_NANOS = Duration.ofSeconds(60).toNanos();

  private final InetSocketAddress server;
  private final Selector selector = Selector.open();
  private final List<Client> clients = new ArrayList<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);

  /// What came of one volley.
  ///
  /// @param other any other status, or a connection that broke
  /// @param hung without an answer after a minute
  /// @param p50Millis how long half of the answers took at most, as the client saw it
  record Outcome(int ok, int refused, int other, int hung, double p50Millis, double p99Millis) {}

  private static double millis(long[] sortedMicros, double share) {
    int last = sortedMicros.length - 1;
    return last < 0
        ? Double.NaN
        : sortedMicros[(int) Math.min(last, share * sortedMicros.length)] / 1_000.0;
  }

  private static final class Client {
    final SocketChannel channel;
    final StringBuilder answer = new StringBuilder();
    long sent;
    boolean done = true;

    Client(SocketChannel channel) {
      this.channel = channel;
    }
  }

  Load(InetSocketAddress server) throws IOException {
    this.server = server;
  }

  /// Has `count` open connections, those of before among them.
  void connect(int count) throws IOException {
    long deadline = System.nanoTime() + SILENCE_NANOS;
    int opening = 0;
    while (clients.size() + opening < count || opening > 0) {
      while (clients.size() + opening < count && opening < OPENING_AT_ONCE) {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        if (channel.connect(server)) {
          join(channel);
        } else {
          channel.register(selector, SelectionKey.OP_CONNECT);
          opening++;
        }
      }
      selector.select(100);
      for (SelectionKey key : selector.selectedKeys()) {
        if (key.isValid() && key.isConnectable()) {
          SocketChannel channel = (SocketChannel) key.channel();
          channel.finishConnect();
          opening--;
          join(channel);
        }
      }
      selector.selectedKeys().clear();
      if (System.nanoTime() > deadline) {
        throw new IOException(opening + " connections could not be opened");
      }
    }
  }

  private void join(SocketChannel channel) throws IOException {
    Client client = new Client(channel);
    clients.add(client);
    channel.register(selector, SelectionKey.OP_READ, client);
  }

  /// Sends `path` on every connection and waits for the answers.
  Outcome volley(String path) throws IOException {
    byte[] request =
        ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    for (Client client : clients) {
      client.answer.setLength(0);
      client.done = false;
      client.sent = System.nanoTime();
      try {
        client.channel.write(ByteBuffer.wrap(request));
      } catch (IOException e) {
        client.done = true;
        client.answer.append("broken");
      }
    }
    return await();
  }

  private Outcome await() throws IOException {
    int[] counts = new int[3];
    long[] micros = new long[clients.size()];
    int answered = 0;
    int waiting = (int) clients.stream().filter(client -> !client.done).count();
    counts[2] = clients.size() - waiting;
    long last = System.nanoTime();
    while (waiting > 0 && System.nanoTime() - last < SILENCE_NANOS) {
      if (selector.select(1_000) == 0) {
        continue;
      }
      last = System.nanoTime();
      for (SelectionKey key : selector.selectedKeys()) {
        Client client = (Client) key.attachment();
        if (client.done || !read(client)) {
          continue;
        }
        client.done = true;
        waiting--;
        micros[answered++] = (System.nanoTime() - client.sent) / 1_000;
        String answer = client.answer.toString();
        counts[answer.startsWith("HTTP/1.1 200") ? 0 : answer.startsWith("HTTP/1.1 503") ? 1 : 2]++;
      }
      selector.selectedKeys().clear();
    }
    selector.selectedKeys().clear();
    drop();
    long[] all = Arrays.copyOf(micros, answered);
    Arrays.sort(all);
    return new Outcome(
        counts[0], counts[1], counts[2], waiting, millis(all, 0.5), millis(all, 0.99));
  }

  /// Reads what is there; whether that was all, or the connection is gone.
  private boolean read(Client client) {
    try {
      buffer.clear();
      int count = client.channel.read(buffer);
      if (count < 0) {
        client.channel.close();
        return true;
      }
      client.answer.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
      return isWhole(client.answer);
    } catch (IOException e) {
      return true;
    }
  }

  private static boolean isWhole(StringBuilder answer) {
    int head = answer.indexOf("\r\n\r\n");
    if (head < 0) {
      return false;
    }
    String headers = answer.substring(0, head).toLowerCase(java.util.Locale.ROOT);
    if (headers.contains("transfer-encoding: chunked")) {
      return answer.toString().endsWith("0\r\n\r\n");
    }
    int at = headers.indexOf("content-length:");
    if (at < 0) {
      return true;
    }
    int end = headers.indexOf('\r', at);
    String length = headers.substring(at + 15, end < 0 ? headers.length() : end).strip();
    return answer.length() >= head + 4 + Integer.parseInt(length);
  }

  /// Forgets connections that the other side has closed.
  private void drop() throws IOException {
    for (Client client : List.copyOf(clients)) {
      boolean closing = client.answer.indexOf("Connection: close") >= 0;
      if (!client.done || closing || !client.channel.isOpen()) {
        client.channel.close();
        clients.remove(client);
      }
    }
  }

  @Override
  public void close() throws IOException {
    for (Client client : clients) {
      client.channel.close();
    }
    selector.close();
  }
}
