package org.ongsung.protocols.ssh.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.sshd.common.io.IoConnectFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LoopSessionTest {

  private static final TransportLimits LIMITS = TransportLimits.forCores(2);
  private static final RawServer.Events NOTHING = new RawServer.Events() {};
  private static final RawServer.Events ECHO =
      new RawServer.Events() {
        @Override
        public void received(LoopSession session, byte[] bytes) {
          RawServer.write(session, bytes);
        }
      };

  private static void echoes(Socket socket) throws IOException {
    byte[] sent = "still here".getBytes(StandardCharsets.UTF_8);
    socket.getOutputStream().write(sent);
    assertThat(socket.getInputStream().readNBytes(sent.length)).isEqualTo(sent);
  }

  @Test
  void aSlowReaderIsToldAtTheHighMarkAndAgainAtTheLow() throws Exception {
    TransportLimits limits = LIMITS.withWriteMarks(100_000, 1_000_000, 64_000_000);
    BlockingQueue<Boolean> told = new LinkedBlockingQueue<>();
    try (RawServer test = new RawServer(limits, NOTHING);
        Socket socket = test.connect()) {
      LoopSession session = test.nextCreated();
      session.onWritability(
          (who, writable) -> {
            assertThat(who.isOnLoop()).isTrue();
            told.add(writable);
          });
      CountDownLatch release = new CountDownLatch(1);
      // With the loop held up nothing leaves, so the counts are exact.
      session.execute(() -> await(release));
      RawServer.write(session, new byte[1_000_000]);
      assertThat(session.isWritable()).isTrue();
      RawServer.write(session, new byte[1]);
      assertThat(session.isWritable()).isFalse();
      // More than the kernel takes.
      RawServer.write(session, new byte[30_000_000]);
      assertThat(session.pendingWriteBytes()).isEqualTo(31_000_001);
      release.countDown();
      assertThat(told.poll(60, TimeUnit.SECONDS)).isFalse();
      socket.getInputStream().skipNBytes(31_000_001);
      assertThat(told.poll(60, TimeUnit.SECONDS)).isTrue();
      assertThat(session.isWritable()).isTrue();
      RawServer.await(() -> session.pendingWriteBytes() == 0);
    }
  }

  @Test
  void theQueueMayBeAsLongAsItsLimitAndOneBytePastItClosesTheSession() throws Exception {
    TransportLimits limits = LIMITS.withWriteMarks(1, 2, 30_000_000);
    try (RawServer test = new RawServer(limits, NOTHING);
        Socket socket = test.connect()) {
      LoopSession session = test.nextCreated();
      CountDownLatch release = new CountDownLatch(1);
      // With the loop held up nothing leaves, so the count is exact.
      session.execute(() -> await(release));
      RawServer.write(session, new byte[30_000_000]);
      assertThat(session.isOpen()).isTrue();
      RawServer.write(session, new byte[1]);
      assertThat(session.isOpen()).isFalse();
      release.countDown();
      assertThat(test.nextClosed()).isSameAs(session);
      assertThat(session.pendingWriteBytes()).isZero();
      assertThat(socket.getInputStream().readAllBytes().length).isLessThan(30_000_000);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// A relay of bytes between what comes in first and what comes in second.
  private static final class Pairing implements RawServer.Events {

    private final CompletableFuture<LoopSession> from = new CompletableFuture<>();
    private final CompletableFuture<LoopSession> to = new CompletableFuture<>();
    private final AtomicLong most = new AtomicLong();

    @Override
    public void created(LoopSession session) {
      if (!from.complete(session)) {
        LoopSession.couple(session, from.join());
        to.complete(session);
      }
    }

    @Override
    public void received(LoopSession session, byte[] bytes) {
      LoopSession other = session == from.join() ? to.join() : from.join();
      RawServer.write(other, bytes);
      most.accumulateAndGet(other.pendingWriteBytes(), Math::max);
    }
  }

  @Test
  void coupledSessionsReadOnlyAsFastAsTheOtherIsWritten() throws Exception {
    TransportLimits limits = LIMITS.withWriteMarks(100_000, 1_000_000, 64_000_000);
    Pairing pairing = new Pairing();
    long total = 60_000_000;
    try (RawServer test = new RawServer(limits, pairing);
        Socket source = test.connect()) {
      pairing.from.get(60, TimeUnit.SECONDS);
      try (Socket sink = test.connect()) {
        pairing.to.get(60, TimeUnit.SECONDS);
        Thread sender =
            Thread.ofVirtual()
                .start(
                    () -> {
                      try {
                        Pattern.write(source.getOutputStream(), total);
                        source.shutdownOutput();
                      } catch (IOException e) {
                        throw new AssertionError(e);
                      }
                    });
        RawServer.await(() -> !pairing.to.join().isWritable());
        // The sink has not read a byte. Let everything settle, then drain it.
        Thread.sleep(300);
        assertThat(sender.isAlive()).isTrue();
        assertThat(pairing.most.get()).isLessThanOrEqualTo(1_000_000 + limits.readBatchBytes());
        assertThat(Pattern.summary(new Limited(sink.getInputStream(), total)))
            .isEqualTo(Pattern.summary(total));
        assertThat(pairing.most.get()).isLessThanOrEqualTo(1_000_000 + limits.readBatchBytes());
      }
    }
  }

  @Test
  void coupledSessionsThatBothExchangeKeysAreReadHoweverMuchWaitsForBoth() throws Exception {
    Pairing pairing = new Pairing();
    try (RawServer test = new RawServer(LIMITS, pairing);
        Socket one = test.connect()) {
      LoopSession first = pairing.from.get(60, TimeUnit.SECONDS);
      try (Socket other = test.connect()) {
        LoopSession second = pairing.to.get(60, TimeUnit.SECONDS);
        long much = LIMITS.writeHighBytes() + 1;
        first.held(much);
        second.held(much);
        assertThat(first.isWritable() || second.isWritable()).isFalse();
        // What ends an exchange comes from its peer: were neither read, neither would end.
        passes(one, other);
        passes(other, one);
        second.held(-much);
        passes(one, other);
        // The second takes what comes, but nobody exchanges keys there: it waits for the first.
        other.getOutputStream().write(1);
        one.setSoTimeout(300);
        assertThatThrownBy(() -> one.getInputStream().read())
            .isInstanceOf(SocketTimeoutException.class);
        one.setSoTimeout(0);
        first.held(-much);
        assertThat(one.getInputStream().read()).isEqualTo(1);
        passes(one, other);
        passes(other, one);
      }
    }
  }

  private static void passes(Socket from, Socket to) throws IOException {
    to.setSoTimeout(60_000);
    from.getOutputStream().write(42);
    assertThat(to.getInputStream().read()).isEqualTo(42);
    to.setSoTimeout(0);
  }

  @Test
  void whoHasNotAuthenticatedIsReadInSmallPieces() throws Exception {
    BlockingQueue<Integer> pieces = new LinkedBlockingQueue<>();
    CountDownLatch sent = new CountDownLatch(1);
    RawServer.Events stranger =
        new RawServer.Events() {
          @Override
          public void created(LoopSession session) {
            session.authenticates(() -> false);
            LoopSessionTest.await(sent);
          }

          @Override
          public void received(LoopSession session, byte[] bytes) {
            pieces.add(bytes.length);
          }
        };
    try (RawServer test = new RawServer(LIMITS.withReadBatches(10_000, 1_000), stranger);
        Socket socket = test.connect()) {
      socket.getOutputStream().write(new byte[5_000]);
      sent.countDown();
      for (int i = 0; i < 5; i++) {
        assertThat(pieces.poll(60, TimeUnit.SECONDS)).isEqualTo(1_000);
      }
    }
  }

  /// The first bytes of a stream.
  private static final class Limited extends java.io.FilterInputStream {

    private long left;

    Limited(InputStream in, long left) {
      super(in);
      this.left = left;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int count = super.read(bytes, offset, (int) Math.min(length, left));
      left -= Math.max(count, 0);
      return count;
    }
  }

  @Test
  void whatIsQueuedStillReachesAPeerThatHasEndedItsInput() throws Exception {
    int size = 8_000_000;
    RawServer.Events answerAtOnce =
        new RawServer.Events() {
          @Override
          public void received(LoopSession session, byte[] bytes) {
            RawServer.write(session, new byte[size]);
          }
        };
    try (RawServer test = new RawServer(LIMITS, answerAtOnce);
        Socket socket = test.connect()) {
      socket.getOutputStream().write('x');
      LoopSession session = test.nextCreated();
      RawServer.await(() -> session.pendingWriteBytes() > 0);
      socket.shutdownOutput();
      assertThat(socket.getInputStream().readAllBytes()).hasSize(size);
      assertThat(test.nextClosed()).isSameAs(session);
    }
  }

  @Test
  void afterOurEndOfOutputTheSessionStillReads() throws Exception {
    BlockingQueue<String> received = new LinkedBlockingQueue<>();
    RawServer.Events listen =
        new RawServer.Events() {
          @Override
          public void received(LoopSession session, byte[] bytes) {
            received.add(new String(bytes, StandardCharsets.UTF_8));
          }
        };
    try (RawServer test = new RawServer(LIMITS, listen);
        Socket socket = test.connect()) {
      LoopSession session = test.nextCreated();
      RawServer.write(session, "bye".getBytes(StandardCharsets.UTF_8));
      session.shutdownOutputStream();
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo("bye");
      socket.getOutputStream().write("and yet".getBytes(StandardCharsets.UTF_8));
      assertThat(received.poll(60, TimeUnit.SECONDS)).isEqualTo("and yet");
      assertThat(session.isOpen()).isTrue();
    }
  }

  @Test
  void aGracefulCloseLosesNothingEvenWithUnreadInput() throws Exception {
    int size = 3_000_000;
    try (RawServer test = new RawServer(LIMITS, NOTHING);
        Socket socket = test.connect()) {
      LoopSession session = test.nextCreated();
      session.suspendRead();
      socket.getOutputStream().write(new byte[10_000]);
      RawServer.write(session, new byte[size]);
      session.close(false);
      assertThat(socket.getInputStream().readAllBytes()).hasSize(size);
      socket.close();
      assertThat(test.nextClosed()).isSameAs(session);
    }
  }

  @Test
  void aGracefulCloseEndsWhenThePeerNeverReads() throws Exception {
    TransportLimits limits =
        LIMITS.withDeadlines(Duration.ofSeconds(100), Duration.ZERO, Duration.ofMillis(500));
    try (RawServer test = new RawServer(limits, NOTHING);
        Socket socket = test.connect()) {
      LoopSession session = test.nextCreated();
      RawServer.write(session, new byte[30_000_000]);
      session.close(false);
      assertThat(test.nextClosed()).isSameAs(session);
      assertThat(socket.isClosed()).isFalse();
    }
  }

  @Test
  void whatOneHandlerThrowsHarmsNobodyElse() throws Exception {
    RawServer.Events failing =
        new RawServer.Events() {
          @Override
          public void received(LoopSession session, byte[] bytes) {
            switch (bytes[0]) {
              case 'e' -> throw new IllegalStateException("bad session");
              case 'f' -> throw new StackOverflowError("worse session");
              default -> RawServer.write(session, bytes);
            }
          }

          @Override
          public void closed(LoopSession session) {
            throw new IllegalStateException("bad to the end");
          }
        };
    try (RawServer test = new RawServer(TransportLimits.forCores(1), failing);
        Socket good = test.connect();
        Socket bad = test.connect();
        Socket worse = test.connect()) {
      echoes(good);
      bad.getOutputStream().write('e');
      worse.getOutputStream().write('f');
      assertThat(bad.getInputStream().read()).isEqualTo(-1);
      assertThat(worse.getInputStream().read()).isEqualTo(-1);
      echoes(good);
      assertThat(test.failures.values()).hasSize(2);
      RawServer.await(() -> test.loops.connections() == 1);
    }
  }

  @Test
  void aTaskThatFailsHarmsNobody() throws Exception {
    try (RawServer test = new RawServer(TransportLimits.forCores(1), ECHO);
        Socket socket = test.connect()) {
      LoopSession session = test.nextCreated();
      session.execute(
          () -> {
            throw new IllegalStateException("bad task");
          });
      session.schedule(
          Duration.ofMillis(1),
          () -> {
            throw new AssertionError("bad timer");
          });
      echoes(socket);
      CountDownLatch ran = new CountDownLatch(1);
      session.schedule(Duration.ofMillis(20), ran::countDown);
      assertThat(ran.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aFloodingSessionLeavesTurnsToTheOthersOfItsLoop() throws Exception {
    RawServer.Events sinkOrEcho =
        new RawServer.Events() {
          @Override
          public void received(LoopSession session, byte[] bytes) {
            if (bytes[0] != 0) {
              RawServer.write(session, bytes);
            }
          }
        };
    try (RawServer test = new RawServer(TransportLimits.forCores(1), sinkOrEcho);
        Socket flood = test.connect();
        Socket quiet = test.connect()) {
      Thread flooding =
          Thread.ofPlatform()
              .daemon()
              .start(
                  () -> {
                    try {
                      while (!Thread.interrupted()) {
                        flood.getOutputStream().write(new byte[1_000_000]);
                      }
                    } catch (IOException e) {
                      // The test is over.
                    }
                  });
      for (int i = 0; i < 200; i++) {
        echoes(quiet);
      }
      assertThat(flooding.isAlive()).isTrue();
      flooding.interrupt();
    }
  }

  @Test
  void timersRunInOrderAndNotWhenCancelled() throws Exception {
    try (RawServer test = new RawServer(TransportLimits.forCores(1), NOTHING);
        Socket socket = test.connect()) {
      LoopSession session = test.nextCreated();
      BlockingQueue<Integer> ran = new LinkedBlockingQueue<>();
      CountDownLatch made = new CountDownLatch(1);
      session.execute(
          () -> {
            session.schedule(Duration.ofMillis(90), () -> ran.add(3));
            session.schedule(Duration.ofMillis(30), () -> ran.add(1));
            session.schedule(Duration.ofMillis(30), () -> ran.add(2));
            session.schedule(Duration.ofMillis(40), () -> ran.add(99)).cancel();
            made.countDown();
          });
      assertThat(made.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(ran.poll(60, TimeUnit.SECONDS)).isEqualTo(1);
      assertThat(ran.poll(60, TimeUnit.SECONDS)).isEqualTo(2);
      assertThat(ran.poll(60, TimeUnit.SECONDS)).isEqualTo(3);
      assertThat(socket.isConnected()).isTrue();
    }
  }

  @Test
  void aLoopTakesAsManyTasksAsTheLimitSaysAndRefusesTheNext() throws Exception {
    EventLoop loop = new EventLoop(0, limitedTasks(10));
    // Not started: nothing is taken away.
    for (int i = 0; i < 10; i++) {
      loop.execute(() -> {});
    }
    assertThatThrownBy(() -> loop.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
    loop.start();
    loop.stop();
    assertThat(loop.join(Duration.ofSeconds(60))).isTrue();
    assertThatThrownBy(() -> loop.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
  }

  private static TransportLimits limitedTasks(int tasksMax) {
    TransportLimits l = LIMITS;
    return new TransportLimits(
        1,
        l.connectionsMax(),
        l.handshakesMax(),
        l.handshakesPerAddress(),
        l.acceptsPerTurn(),
        l.acceptBacklog(),
        l.acceptBackoff(),
        l.readBatchBytes(),
        l.strangerBatchBytes(),
        l.writeBatchBytes(),
        l.writeBatchesPerTurn(),
        l.tasksPerTurn(),
        tasksMax,
        l.writeHighBytes(),
        l.writeLowBytes(),
        l.writeMaxBytes(),
        l.connect(),
        l.handshake(),
        l.idle(),
        l.closing(),
        l.linger(),
        l.keyExchangesAtOnce(),
        l.keyExchangesWaiting(),
        l.keyExchangeWait());
  }

  @Test
  void anIdleConnectionIsClosedAndOneThatMovesBytesIsNot() throws Exception {
    TransportLimits limits =
        LIMITS.withDeadlines(
            Duration.ofSeconds(100), Duration.ofSeconds(3), Duration.ofSeconds(10));
    try (RawServer test = new RawServer(limits, ECHO);
        Socket busy = test.connect();
        Socket idle = test.connect()) {
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  while (true) {
                    echoes(busy);
                    Thread.sleep(50);
                  }
                } catch (IOException | InterruptedException e) {
                  // The test is over.
                }
              });
      assertThat(idle.getInputStream().read()).isEqualTo(-1);
      RawServer.await(() -> test.loops.connections() == 1);
    }
  }

  @Test
  void asManyConnectionsAsTheLimitSaysLiveAndTheNextIsClosedAtOnce() throws Exception {
    try (RawServer test = new RawServer(LIMITS.withConnections(3, 3), ECHO)) {
      List<Socket> sockets = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        sockets.add(test.connect());
        echoes(sockets.get(i));
      }
      try (Socket tooMany = test.connect()) {
        assertThat(readToEnd(tooMany)).isEmpty();
      }
      sockets.getFirst().close();
      RawServer.await(() -> test.loops.connections() == 2);
      try (Socket again = test.connect()) {
        echoes(again);
      }
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  private static byte[] readToEnd(Socket socket) {
    try {
      return socket.getInputStream().readAllBytes();
    } catch (IOException reset) {
      return new byte[0];
    }
  }

  @Test
  void anOutgoingConnectionJoinsTheLoopItIsToldToFromAnyThread() throws Exception {
    try (RawServer test = new RawServer(TransportLimits.forCores(4), NOTHING)) {
      for (int i = 0; i < 12; i++) {
        try (Socket socket = test.connect()) {
          LoopSession inbound = test.nextCreated();
          IoConnectFuture future =
              test.connector.connect(test.address, EventLoops.joining(inbound), null);
          assertThat(future.await(60_000)).isTrue();
          assertThat(LoopSession.of(future.getSession()).loop()).isSameAs(inbound.loop());
          future.getSession().close(true);
          assertThat(socket.isConnected()).isTrue();
          test.created.clear();
          RawServer.await(() -> test.loops.connections() <= 1);
          test.created.clear();
        }
        RawServer.await(() -> test.loops.connections() == 0);
        test.created.clear();
      }
    }
  }

  @Test
  void anOutgoingConnectionMadeOnALoopStaysThere() throws Exception {
    try (RawServer test = new RawServer(TransportLimits.forCores(4), NOTHING);
        Socket socket = test.connect()) {
      LoopSession inbound = test.nextCreated();
      for (int i = 0; i < 8; i++) {
        CompletableFuture<IoConnectFuture> made = new CompletableFuture<>();
        inbound.execute(() -> made.complete(test.connector.connect(test.address, null, null)));
        IoConnectFuture future = made.get(60, TimeUnit.SECONDS);
        assertThat(future.await(60_000)).isTrue();
        assertThat(LoopSession.of(future.getSession()).loop()).isSameAs(inbound.loop());
      }
      assertThat(socket.isConnected()).isTrue();
    }
  }

  @Test
  void aRefusedConnectAndOneThatNobodyAnswersBothFail() throws Exception {
    TransportLimits limits = LIMITS;
    try (RawServer test = new RawServer(connectWithin(limits, Duration.ofMillis(300)), NOTHING);
        ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int closedPort;
      try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        closedPort = free.getLocalPort();
      }
      IoConnectFuture refused =
          test.connector.connect(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), closedPort), null, null);
      assertThat(refused.await(60_000)).isTrue();
      assertThat(refused.getException()).isInstanceOf(IOException.class);
      // A listener that never accepts: once its backlog is full the kernel lets further connects
      // wait.
      List<IoConnectFuture> attempts = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        attempts.add(
            test.connector.connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), full.getLocalPort()),
                null,
                null));
      }
      assertThat(attempts.getLast().await(60_000)).isTrue();
      assertThat(attempts.getLast().getException())
          .isInstanceOf(java.net.ConnectException.class)
          .hasMessageContaining("within");
    }
  }

  private static TransportLimits connectWithin(TransportLimits l, Duration connect) {
    return new TransportLimits(
        l.loops(),
        l.connectionsMax(),
        l.handshakesMax(),
        l.handshakesPerAddress(),
        l.acceptsPerTurn(),
        l.acceptBacklog(),
        l.acceptBackoff(),
        l.readBatchBytes(),
        l.strangerBatchBytes(),
        l.writeBatchBytes(),
        l.writeBatchesPerTurn(),
        l.tasksPerTurn(),
        l.tasksMax(),
        l.writeHighBytes(),
        l.writeLowBytes(),
        l.writeMaxBytes(),
        connect,
        l.handshake(),
        l.idle(),
        l.closing(),
        l.linger(),
        l.keyExchangesAtOnce(),
        l.keyExchangesWaiting(),
        l.keyExchangeWait());
  }

  @Test
  void drainingStopsListeningAndWaitsForThoseWhoAreThere() throws Exception {
    try (RawServer test = new RawServer(LIMITS, ECHO)) {
      Socket socket = test.connect();
      echoes(socket);
      assertThat(test.loops.drain(Duration.ofMillis(100))).isFalse();
      assertThatThrownBy(test::connect).isInstanceOf(IOException.class);
      echoes(socket);
      socket.close();
      assertThat(test.loops.drain(Duration.ofSeconds(60))).isTrue();
    }
  }

  @Test
  void closingGivesBackThreadsAndDescriptors() throws Exception {
    // Once, so that what the JDK opens for good is open.
    openAndCloseEverything();
    long before = descriptors();
    for (int i = 0; i < 5; i++) {
      openAndCloseEverything();
    }
    assertThat(descriptors()).isLessThanOrEqualTo(before);
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.isAlive() && thread.getName().startsWith("ssh-loop-"));
  }

  private static void openAndCloseEverything() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    try (RawServer test = new RawServer(LIMITS, ECHO)) {
      for (int i = 0; i < 10; i++) {
        Socket socket = test.connect();
        sockets.add(socket);
        echoes(socket);
      }
    }
    for (Socket socket : sockets) {
      assertThat(readToEnd(socket)).isEmpty();
      socket.close();
    }
  }

  private static long descriptors() throws IOException {
    try (var open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }
}
