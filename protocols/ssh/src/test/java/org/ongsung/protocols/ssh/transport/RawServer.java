package org.ongsung.protocols.ssh.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.sshd.common.io.IoAcceptor;
import org.apache.sshd.common.io.IoConnector;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoServiceFactory;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.util.Readable;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.server.SshServer;

/// The transport alone, with a handler that a test gives: no SSH.
final class RawServer implements AutoCloseable {

  /// What a test wants to happen; all of it optional.
  interface Events {
    default void created(LoopSession session) throws Exception {}

    default void received(LoopSession session, byte[] bytes) throws Exception {}

    default void closed(LoopSession session) {}
  }

  final EventLoops loops;
  final IoAcceptor acceptor;
  final IoConnector connector;
  final InetSocketAddress address;
  final BlockingQueue<LoopSession> created = new LinkedBlockingQueue<>();
  final BlockingQueue<LoopSession> closed = new LinkedBlockingQueue<>();
  final ConcurrentHashMap<LoopSession, Throwable> failures = new ConcurrentHashMap<>();

  RawServer(TransportLimits limits, Events events) throws IOException {
    loops = EventLoops.start(limits);
    IoServiceFactory factory = loops.create(SshServer.setUpDefaultServer());
    IoHandler handler = handler(events);
    acceptor = factory.createAcceptor(handler);
    connector = factory.createConnector(handler);
    acceptor.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    address = (InetSocketAddress) acceptor.getBoundAddresses().iterator().next();
  }

  private IoHandler handler(Events events) {
    return new IoHandler() {
      @Override
      public void sessionCreated(IoSession session) throws Exception {
        events.created(LoopSession.of(session));
        created.add(LoopSession.of(session));
      }

      @Override
      public void sessionClosed(IoSession session) {
        events.closed(LoopSession.of(session));
        closed.add(LoopSession.of(session));
      }

      @Override
      public void exceptionCaught(IoSession session, Throwable cause) {
        failures.put(LoopSession.of(session), cause);
      }

      @Override
      public void messageReceived(IoSession session, Readable message) throws Exception {
        byte[] bytes = new byte[message.available()];
        message.getRawBytes(bytes, 0, bytes.length);
        events.received(LoopSession.of(session), bytes);
      }
    };
  }

  Socket connect() throws IOException {
    Socket socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(60_000);
    return socket;
  }

  LoopSession nextCreated() throws InterruptedException {
    return created.poll(60, TimeUnit.SECONDS);
  }

  LoopSession nextClosed() throws InterruptedException {
    return closed.poll(60, TimeUnit.SECONDS);
  }

  static void write(LoopSession session, byte[] bytes) {
    session.writeBuffer(new ByteArrayBuffer(bytes));
  }

  static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("Not within a minute");
      }
      Thread.sleep(5);
    }
  }

  @Override
  public void close() {
    loops.close();
  }
}
