package org.ongsung.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/// Many clients of the gateway that never log in, all on one thread: those that only connect, and
/// those that have it compute one key exchange after another (RFC 4253 sections 7 and 8).
final class Strangers implements AutoCloseable {
  private static final int KEXINIT = 20;
  private static final int ECDH_INIT = 30;
  private static final int ECDH_REPLY = 31;
  private static final int ADDRESSES = 100;
  private static final int MOST_RECEIVED_BYTES = 16 * 1024;

  /// One of them, with what it has yet to send and what it was told.
  private record Stranger(ByteBuffer says, ByteBuffer heard) {}

  private final SocketAddress gateway;
  private final byte[] says;
  private final Selector selector;
  private final Thread thread;
  private volatile boolean closed;
  private int come;
  private final AtomicInteger connected = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();

  private Strangers(int port, int count, byte[] says) {
    this.gateway = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.says = says;
    try {
      this.selector = Selector.open();
      for (int i = 0; i < count; i++) {
        come();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.thread = Thread.ofPlatform().name("strangers").start(this::run);
  }

  /// So many that connect and say nothing.
  static Strangers silent(int port, int count) {
    return new Strangers(port, count, new byte[0]);
  }

  /// So many key exchanges at every moment: who has its answer leaves, and another comes.
  static Strangers exchangingKeys(int port, int count) {
    return new Strangers(port, count, keyExchange());
  }

  /// How many have connected until now.
  int connected() {
    return connected.get();
  }

  /// How many the gateway has closed.
  int ended() {
    return ended.get();
  }

  /// How many key exchanges the gateway has answered.
  int answered() {
    return answered.get();
  }

  private void come() throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.bind(new InetSocketAddress(InetAddress.ofLiteral(nextAddress()), 0));
    Stranger stranger =
        new Stranger(ByteBuffer.wrap(says), ByteBuffer.allocate(MOST_RECEIVED_BYTES));
    channel.register(selector, SelectionKey.OP_CONNECT, stranger);
    channel.connect(gateway);
  }

  /// They come from many addresses, as strangers do: of one, few may wait to log in.
  private String nextAddress() {
    return "127.0.1." + (1 + come++ % ADDRESSES);
  }

  private void run() {
    while (!closed) {
      try {
        selector.select(key -> step(key, (Stranger) key.attachment()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void step(SelectionKey key, Stranger stranger) {
    SocketChannel channel = (SocketChannel) key.channel();
    try {
      if (key.isConnectable() && channel.finishConnect()) {
        connected.incrementAndGet();
        key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
      }
      if (key.isValid() && key.isWritable()) {
        channel.write(stranger.says());
        key.interestOps(
            SelectionKey.OP_READ | (stranger.says().hasRemaining() ? SelectionKey.OP_WRITE : 0));
      }
      if (key.isValid() && key.isReadable() && channel.read(stranger.heard()) < 0) {
        throw new IOException("closed");
      }
      if (says.length > 0 && isAnswered(stranger.heard().duplicate().flip())) {
        answered.incrementAndGet();
        channel.close();
        come();
      }
    } catch (IOException e) {
      ended.incrementAndGet();
      leave(channel);
    }
  }

  private static void leave(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Whether the gateway's answer to the key exchange is among its packets.
  private static boolean isAnswered(ByteBuffer heard) {
    while (heard.hasRemaining() && heard.get() != '\n') {
      // the identification
    }
    while (heard.remaining() > 5) {
      int length = heard.getInt(heard.position());
      if (heard.get(heard.position() + 5) == ECDH_REPLY) {
        return true;
      }
      heard.position(Math.min(heard.limit(), heard.position() + 4 + length));
    }
    return false;
  }

  /// All that a client says until the gateway has to compute.
  private static byte[] keyExchange() {
    Random random = new Random(20);
    ByteBuffer kexInit = ByteBuffer.allocate(1024).put((byte) KEXINIT);
    byte[] cookie = new byte[16];
    random.nextBytes(cookie);
    kexInit.put(cookie);
    List<String> lists =
        List.of(
            "curve25519-sha256",
            "ssh-ed25519",
            "aes128-gcm@openssh.com",
            "aes128-gcm@openssh.com",
            "hmac-sha2-256",
            "hmac-sha2-256",
            "none",
            "none",
            "",
            "");
    for (String list : lists) {
      byte[] bytes = list.getBytes(StandardCharsets.US_ASCII);
      kexInit.putInt(bytes.length).put(bytes);
    }
    kexInit.put((byte) 0).putInt(0);
    byte[] publicKey = new byte[32];
    random.nextBytes(publicKey);
    ByteBuffer ecdh = ByteBuffer.allocate(64).put((byte) ECDH_INIT).putInt(32).put(publicKey);
    ByteBuffer all = ByteBuffer.allocate(4096);
    all.put("SSH-2.0-stranger\r\n".getBytes(StandardCharsets.US_ASCII));
    packet(all, kexInit.flip());
    packet(all, ecdh.flip());
    byte[] said = new byte[all.position()];
    all.get(0, said);
    return said;
  }

  private static void packet(ByteBuffer to, ByteBuffer payload) {
    int padding = 8 - (5 + payload.remaining()) % 8;
    padding = padding < 4 ? padding + 8 : padding;
    to.putInt(1 + payload.remaining() + padding).put((byte) padding);
    to.put(payload).put(new byte[padding]);
  }

  /// All of them leave.
  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    try {
      thread.join();
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
