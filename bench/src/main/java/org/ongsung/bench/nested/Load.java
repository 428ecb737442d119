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

/// Many connections that each send one request at once. One thread, so that the cores are the
/// server's as far as they can be.
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
  /// @param hung without an answer after a minute in which nobody had one
  /// @param p50Millis how long half of the answers took at most, as the client saw it
  record Outcome(int ok, int refused, int other, int hung, double p50Millis, double p99Millis) {}

  private static double millis(long[] sortedMicros, double share) {
    int last = sortedMicros.length - 1;
    return last < 0
        ? Double.NaN
        : sortedMicros[(int) Math.min(last, share * sortedMicros.length)] / 1_000.0;
  }

  Load(InetSocketAddress server) throws IOException {
    this.server = server;
  }

  /// Opens `count` connections.
  void connect(int count) throws IOException {
    long deadline = System.nanoTime() + SILENCE_NANOS;
    while (clients.size() < count) {
      int more = Math.min(OPENING_AT_ONCE, count - clients.size());
      List<SelectionKey> opening = new ArrayList<>();
      for (int i = 0; i < more; i++) {
        opening.add(open());
      }
      while (opening.stream().anyMatch(key -> key.interestOps() == SelectionKey.OP_CONNECT)) {
        selector.select(this::opened, 100);
        if (System.nanoTime() > deadline) {
          throw new IOException("the connections could not be opened");
        }
      }
    }
  }

  private SelectionKey open() throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.configureBlocking(false);
    Client client = new Client(channel);
    clients.add(client);
    boolean connected = channel.connect(server);
    return channel.register(
        selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, client);
  }

  private void opened(SelectionKey key) {
    if (key.isValid() && key.isConnectable()) {
      try {
        ((SocketChannel) key.channel()).finishConnect();
        key.interestOps(SelectionKey.OP_READ);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException("a connection could not be opened", e);
      }
    }
  }

  /// Sends `path` on every open connection and waits for the answers.
  Outcome volley(String path) throws IOException {
    ByteBuffer request = request(path, "");
    for (Client client : clients) {
      client.begin();
      client.send(request.rewind());
    }
    return await(request);
  }

  /// Opens `count` connections, sends `path` on each as soon as it is open, and waits for the
  /// answers: where a front server takes fewer connections at once than that.
  Outcome rush(int count, String path) throws IOException {
    ByteBuffer request = request(path, "Connection: close\r\n");
    for (int i = 0; i < count; i++) {
      SelectionKey key = open();
      Client client = (Client) key.attachment();
      client.begin();
      if (key.interestOps() == SelectionKey.OP_READ) {
        client.send(request.rewind());
      }
    }
    return await(request);
  }

  private static ByteBuffer request(String path, String header) {
    return ByteBuffer.wrap(
        ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + header + "\r\n")
            .getBytes(StandardCharsets.US_ASCII));
  }

  private Outcome await(ByteBuffer request) throws IOException {
    Answers answers = new Answers();
    int waiting = (int) clients.stream().filter(client -> !client.isDone()).count();
    long last = System.nanoTime();
    while (waiting > answers.count + answers.broken && System.nanoTime() - last < SILENCE_NANOS) {
      if (selector.select(key -> answers.on(key, request), 1_000) > 0) {
        last = System.nanoTime();
      }
    }
    return answers.outcome();
  }

  /// Those of one volley.
  private final class Answers {
    final long[] micros = new long[clients.size()];
    int count;
    int broken;

    void on(SelectionKey key, ByteBuffer request) {
      Client client = (Client) key.attachment();
      if (key.isConnectable()) {
        connected(key, client, request);
      } else if (!client.isDone() && client.read(buffer)) {
        micros[count++] = (System.nanoTime() - client.begun()) / 1_000;
      } else if (client.isDone()) {
        client.close(); // the other side has closed it, or says more than it was asked
      }
    }

    private void connected(SelectionKey key, Client client, ByteBuffer request) {
      try {
        ((SocketChannel) key.channel()).finishConnect();
        key.interestOps(SelectionKey.OP_READ);
        client.send(request.rewind());
      } catch (IOException e) {
        client.broken();
      }
      if (client.isDone()) {
        broken++;
      }
    }

    Outcome outcome() {
      int hung = (int) clients.stream().filter(client -> !client.isDone()).count();
      int ok = with(200);
      int refused = with(503);
      long[] all = Arrays.copyOf(micros, count);
      Arrays.sort(all);
      return new Outcome(
          ok,
          refused,
          clients.size() - hung - ok - refused,
          hung,
          millis(all, 0.5),
          millis(all, 0.99));
    }

    private int with(int status) {
      return (int)
          clients.stream().filter(client -> client.isDone() && client.status() == status).count();
    }
  }

  @Override
  public void close() throws IOException {
    clients.forEach(Client::close);
    selector.close();
  }
}
