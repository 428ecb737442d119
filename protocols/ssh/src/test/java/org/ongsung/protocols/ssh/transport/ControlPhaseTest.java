package org.ongsung.protocols.ssh.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.kex.KeyExchange;
import org.apache.sshd.common.kex.KeyExchangeFactory;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Authentication and key exchange beside the loop, and the way back to it.
@Timeout(120)
class ControlPhaseTest {

  private static final TransportLimits ONE_LOOP = TransportLimits.forCores(1);

  /// A shell-like conversation: one line there, one line back.
  private static final class Conversation implements AutoCloseable {

    private final ChannelExec exec;
    private final OutputStream in;
    private final InputStream out;

    Conversation(ClientSession session) throws IOException {
      exec = session.createExecChannel("echo");
      exec.open().verify(TestServer.WAIT);
      in = exec.getInvertedIn();
      out = exec.getInvertedOut();
    }

    void line(String text) throws IOException {
      byte[] sent = (text + "\n").getBytes(StandardCharsets.UTF_8);
      in.write(sent);
      in.flush();
      assertThat(out.readNBytes(sent.length)).isEqualTo(sent);
    }

    @Override
    public void close() {
      exec.close(true);
    }
  }

  @Test
  void aPasswordCheckThatTakesLongHoldsUpNobodyElse() throws Exception {
    CountDownLatch checking = new CountDownLatch(1);
    CountDownLatch checked = new CountDownLatch(1);
    try (TestServer test =
            new TestServer(
                ONE_LOOP,
                server ->
                    server.setPasswordAuthenticator(
                        (user, password, session) -> {
                          assertThat(Thread.currentThread().isVirtual()).isTrue();
                          if (user.equals("slow")) {
                            checking.countDown();
                            await(checked);
                          }
                          return true;
                        }));
        ClientSession quick = test.connect();
        Conversation conversation = new Conversation(quick);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> slow =
          threads.submit(
              () -> {
                ClientSession session =
                    test.client
                        .connect("slow", "127.0.0.1", test.port())
                        .verify(TestServer.WAIT)
                        .getSession();
                session.addPasswordIdentity("any");
                session.auth().verify(TestServer.WAIT);
                return MinaOverEventLoopsTest.receive(session, 100_000);
              });
      assertThat(checking.await(60, TimeUnit.SECONDS)).isTrue();
      for (int i = 0; i < 50; i++) {
        conversation.line("still served " + i);
      }
      try (ClientSession another = test.connect()) {
        assertThat(MinaOverEventLoopsTest.receive(another, 1_000_000))
            .isEqualTo(Pattern.summary(1_000_000));
      }
      assertThat(slow.isDone()).isFalse();
      checked.countDown();
      assertThat(slow.get(60, TimeUnit.SECONDS)).isEqualTo(Pattern.summary(100_000));
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("Not within a minute");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// A key exchange that notes where and how many at once it is computed, and may be held up.
  private static final class WatchedExchanges {

    final AtomicInteger now = new AtomicInteger();
    final AtomicInteger most = new AtomicInteger();
    final AtomicInteger steps = new AtomicInteger();
    final Set<String> loopThreads = ConcurrentHashMap.newKeySet();

    void watch(SshServer server) {
      server.setKeyExchangeFactories(
          server.getKeyExchangeFactories().stream()
              .map(this::watched)
              .collect(Collectors.toList()));
    }

    private KeyExchangeFactory watched(KeyExchangeFactory factory) {
      return new KeyExchangeFactory() {
        @Override
        public String getName() {
          return factory.getName();
        }

        @Override
        public KeyExchange createKeyExchange(Session session) throws Exception {
          KeyExchange exchange = factory.createKeyExchange(session);
          return (KeyExchange)
              java.lang.reflect.Proxy.newProxyInstance(
                  KeyExchange.class.getClassLoader(),
                  new Class<?>[] {KeyExchange.class},
                  (proxy, method, arguments) -> {
                    if (!method.getName().equals("next")) {
                      return method.invoke(exchange, arguments);
                    }
                    return step(() -> exchange.next((Integer) arguments[0], (Buffer) arguments[1]));
                  });
        }
      };
    }

    private Object step(java.util.concurrent.Callable<Boolean> work) throws Exception {
      if (!Thread.currentThread().isVirtual()) {
        loopThreads.add(Thread.currentThread().getName());
      }
      most.accumulateAndGet(now.incrementAndGet(), Math::max);
      steps.incrementAndGet();
      try {
        return work.call();
      } finally {
        now.decrementAndGet();
      }
    }
  }

  @Test
  void keyExchangesOfManyNewcomersAreBoundedAndAnOpenShellStaysResponsive() throws Exception {
    WatchedExchanges watched = new WatchedExchanges();
    TransportLimits limits = ONE_LOOP.withKeyExchanges(2, 1_000, Duration.ofMinutes(2));
    try (TestServer test = new TestServer(limits, watched::watch);
        ClientSession open = test.connect();
        Conversation conversation = new Conversation(open);
        // Dials from loops of its own, so that only the server's side is counted.
        TestServer dialler = new TestServer(TransportLimits.forCores(1));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> logins = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        logins.add(
            threads.submit(
                () -> {
                  try (ClientSession session =
                      dialler
                          .client
                          .connect("user", "127.0.0.1", test.port())
                          .verify(TestServer.WAIT)
                          .getSession()) {
                    session.addPasswordIdentity(TestServer.PASSWORD);
                    session.auth().verify(Duration.ofSeconds(200));
                    return true;
                  }
                }));
      }
      int lines = 0;
      while (logins.stream().anyMatch(login -> !login.isDone())) {
        conversation.line("typed while others come in " + lines++);
      }
      for (Future<?> login : logins) {
        login.get();
      }
      assertThat(lines).isGreaterThan(10);
      assertThat(watched.steps.get()).isGreaterThanOrEqualTo(101);
      assertThat(watched.most.get()).isLessThanOrEqualTo(2);
      assertThat(watched.loopThreads).isEmpty();
    }
  }

  @Test
  void rekeyingDuringATransferIsComputedBesideTheLoopToo() throws Exception {
    WatchedExchanges watched = new WatchedExchanges();
    try (TestServer test =
            new TestServer(
                ONE_LOOP,
                server -> {
                  CoreModuleProperties.REKEY_BYTES_LIMIT.set(server, 2L << 20);
                  watched.watch(server);
                });
        ClientSession session = test.connect()) {
      assertThat(MinaOverEventLoopsTest.receive(session, 40_000_000))
          .isEqualTo(Pattern.summary(40_000_000));
      assertThat(MinaOverEventLoopsTest.send(session, 40_000_000))
          .isEqualTo(Pattern.summary(40_000_000));
      assertThat(watched.steps.get()).isGreaterThan(20);
      assertThat(watched.loopThreads).isEmpty();
    }
  }

  @Test
  void channelDataOfAnAuthenticatedSessionIsHandledOnItsLoop() throws Exception {
    Set<String> opened = ConcurrentHashMap.newKeySet();
    try (TestServer test =
            new TestServer(
                ONE_LOOP,
                server ->
                    server.setCommandFactory(
                        (channel, command) -> {
                          opened.add(Thread.currentThread().getName());
                          LoopSession io = LoopSession.of(channel.getSession());
                          assertThat(io.isOnLoop()).isTrue();
                          return new TestServer.PatternCommand(command);
                        }));
        ClientSession session = test.connect()) {
      assertThat(MinaOverEventLoopsTest.receive(session, 1_000)).isEqualTo(Pattern.summary(1_000));
      assertThat(opened).containsExactly("ssh-loop-0");
    }
  }

  @Test
  void bytesThatComeOneByOneArriveWhole() throws Exception {
    try (TestServer test =
            new TestServer(
                ONE_LOOP, server -> CoreModuleProperties.REKEY_BYTES_LIMIT.set(server, 16L << 10));
        Dribble dribble = new Dribble(test.port());
        ClientSession session =
            test.client
                .connect("user", "127.0.0.1", dribble.port())
                .verify(TestServer.WAIT)
                .getSession()) {
      session.addPasswordIdentity(TestServer.PASSWORD);
      session.auth().verify(TestServer.WAIT);
      assertThat(MinaOverEventLoopsTest.receive(session, 60_000))
          .isEqualTo(Pattern.summary(60_000));
      assertThat(MinaOverEventLoopsTest.send(session, 60_000)).isEqualTo(Pattern.summary(60_000));
    }
  }

  /// A relay of one connection that sends every byte by itself.
  private static final class Dribble implements AutoCloseable {

    private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final int target;

    Dribble(int target) throws IOException {
      this.target = target;
      Thread.ofVirtual().start(this::run);
    }

    int port() {
      return listener.getLocalPort();
    }

    private void run() {
      try (Socket from = listener.accept();
          Socket to = new Socket(InetAddress.getLoopbackAddress(), target)) {
        from.setTcpNoDelay(true);
        to.setTcpNoDelay(true);
        Thread back = Thread.ofVirtual().start(() -> copy(to, from));
        copy(from, to);
        back.join();
      } catch (IOException | InterruptedException e) {
        // The test is over.
      }
    }

    private static void copy(Socket from, Socket to) {
      try {
        byte[] bytes = new byte[8_192];
        for (int n = from.getInputStream().read(bytes);
            n >= 0;
            n = from.getInputStream().read(bytes)) {
          for (int i = 0; i < n; i++) {
            to.getOutputStream().write(bytes, i, 1);
          }
        }
        to.shutdownOutput();
      } catch (IOException e) {
        // The test is over.
      }
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }

  @Test
  void aClientThatVanishesMidTransferIsForgottenAndTheOthersGoOn() throws Exception {
    try (TestServer test = new TestServer(ONE_LOOP);
        TestServer dialler = new TestServer(TransportLimits.forCores(1));
        ClientSession staying = test.connect()) {
      ClientSession vanishing =
          dialler
              .client
              .connect("user", "127.0.0.1", test.port())
              .verify(TestServer.WAIT)
              .getSession();
      vanishing.addPasswordIdentity(TestServer.PASSWORD);
      vanishing.auth().verify(TestServer.WAIT);
      ChannelExec exec = vanishing.createExecChannel("send 10000000000");
      exec.open().verify(TestServer.WAIT);
      exec.getInvertedOut().readNBytes(1_000_000);
      assertThat(test.loops.connections()).isEqualTo(2);
      vanishing.getIoSession().close(true);
      RawServer.await(
          () -> test.loops.connections() == 1 && test.server.getActiveSessions().size() == 1);
      assertThat(MinaOverEventLoopsTest.receive(staying, 1_000_000))
          .isEqualTo(Pattern.summary(1_000_000));
    }
  }

  @Test
  void aReaderThatStallsBoundsWhatTheServerQueues() throws Exception {
    try (TestServer test = new TestServer(ONE_LOOP);
        ClientSession session = test.connect()) {
      session.getIoSession().suspendRead();
      long window = CoreModuleProperties.WINDOW_SIZE.getRequired(session);
      session.getIoSession().resumeRead();
      try (ChannelExec exec = session.createExecChannel("send 50000000")) {
        exec.open().verify(TestServer.WAIT);
        session.getIoSession().suspendRead();
        LoopSession serverSide = LoopSession.of(test.server.getActiveSessions().getFirst());
        Thread.sleep(300);
        assertThat(serverSide.pendingWriteBytes()).isLessThan(2 * window);
        session.getIoSession().resumeRead();
        assertThat(Pattern.summary(exec.getInvertedOut())).isEqualTo(Pattern.summary(50_000_000));
        exec.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), TestServer.WAIT);
      }
    }
  }

  @Test
  void twoThousandThatSayNothingDoNotKeepOneFromLoggingIn() throws Exception {
    try (TestServer test = new TestServer(ONE_LOOP.withHandshakesPerAddress(2_001))) {
      List<Socket> silent = new ArrayList<>();
      try {
        for (int i = 0; i < 2_000; i++) {
          silent.add(new Socket(InetAddress.getLoopbackAddress(), test.port()));
        }
        RawServer.await(() -> test.loops.handshakes() == 2_000);
        try (ClientSession session = test.connect()) {
          assertThat(MinaOverEventLoopsTest.receive(session, 1_000_000))
              .isEqualTo(Pattern.summary(1_000_000));
          assertThat(test.loops.handshakes()).isEqualTo(2_000);
        }
      } finally {
        for (Socket socket : silent) {
          socket.close();
        }
      }
      RawServer.await(() -> test.loops.connections() == 0 && test.loops.handshakes() == 0);
    }
  }

  @Test
  void whoDoesNotAuthenticateInTimeIsClosedAndWhoDidIsNot() throws Exception {
    TransportLimits limits =
        ONE_LOOP.withDeadlines(Duration.ofSeconds(8), Duration.ZERO, Duration.ofSeconds(10));
    try (TestServer test = new TestServer(limits);
        ClientSession session = test.connect();
        Socket silent = new Socket(InetAddress.getLoopbackAddress(), test.port())) {
      silent.setSoTimeout(60_000);
      assertThat(new String(silent.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .startsWith("SSH-2.0-");
      RawServer.await(() -> test.loops.connections() == 1);
      assertThat(MinaOverEventLoopsTest.receive(session, 1_000)).isEqualTo(Pattern.summary(1_000));
    }
  }

  @Test
  void asManyUnauthenticatedAsTheLimitSaysMayWaitAndTheNextIsClosed() throws Exception {
    try (TestServer test = new TestServer(ONE_LOOP.withConnections(100, 2));
        ClientSession first = test.connect();
        ClientSession second = test.connect()) {
      // A client knows that it is in before its server has counted it so.
      RawServer.await(() -> test.loops.handshakes() == 0);
      Socket one = new Socket(InetAddress.getLoopbackAddress(), test.port());
      Socket two = new Socket(InetAddress.getLoopbackAddress(), test.port());
      RawServer.await(() -> test.loops.handshakes() == 2);
      try (Socket three = new Socket(InetAddress.getLoopbackAddress(), test.port())) {
        three.setSoTimeout(60_000);
        assertThat(readToEnd(three)).isEmpty();
      }
      one.close();
      two.close();
      RawServer.await(() -> test.loops.handshakes() == 0);
      try (ClientSession third = test.connect()) {
        assertThat(third.isAuthenticated()).isTrue();
      }
      assertThat(first.isOpen() && second.isOpen()).isTrue();
    }
  }

  private static byte[] readToEnd(Socket socket) throws IOException {
    try {
      return socket.getInputStream().readAllBytes();
    } catch (SocketException reset) {
      return new byte[0];
    }
  }

  @Test
  void garbageEndsItsOwnSessionOnly() throws Exception {
    Random random = new Random(7);
    try (TestServer test = new TestServer(ONE_LOOP);
        ClientSession session = test.connect();
        Conversation conversation = new Conversation(session)) {
      for (int i = 0; i < 60; i++) {
        byte[] noise = new byte[random.nextInt(1, 100_000)];
        random.nextBytes(noise);
        String start =
            switch (i % 5) {
              case 0 -> "";
              case 1 -> "GET / HTTP/1.1\r\n\r\n";
              case 2 -> "SSH-2.0-fuzz\r\n";
              case 3 -> "SSH-2.0-fuzz\r\n\0\0\0\14\4";
              default -> "SSH-2.0-fuzz\r\n\177\377\377\377";
            };
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), test.port())) {
          socket.setSoTimeout(60_000);
          socket.getOutputStream().write(start.getBytes(StandardCharsets.ISO_8859_1));
          socket.getOutputStream().write(noise);
          socket.shutdownOutput();
          readToEnd(socket);
        } catch (SocketException reset) {
          // So be it.
        }
        conversation.line("untouched by number " + i);
      }
      RawServer.await(() -> test.loops.connections() == 1 && test.loops.handshakes() == 0);
    }
  }

  @Test
  void aSessionListenerThatFailsEndsThatConnectionAndItsCountsOnly() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    try (TestServer test =
        new TestServer(
            ONE_LOOP,
            server ->
                server.addSessionListener(
                    new SessionListener() {
                      @Override
                      public void sessionCreated(Session session) {
                        if (calls.getAndIncrement() == 0) {
                          throw new IllegalStateException("not this one");
                        }
                      }
                    }))) {
      assertThatThrownBy(test::connect).isInstanceOf(IOException.class);
      RawServer.await(() -> test.loops.connections() == 0 && test.loops.handshakes() == 0);
      try (ClientSession session = test.connect()) {
        assertThat(session.isAuthenticated()).isTrue();
      }
    }
  }
}
