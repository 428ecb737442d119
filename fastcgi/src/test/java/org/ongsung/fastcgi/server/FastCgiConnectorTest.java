package org.ongsung.fastcgi.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.ongsung.fastcgi.server.RawFront.end;
import static org.ongsung.fastcgi.server.RawFront.get;
import static org.ongsung.fastcgi.server.RawFront.parameters;
import static org.ongsung.fastcgi.server.RawFront.request;
import static org.ongsung.fastcgi.server.RawFront.text;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.ongsung.fastcgi.FastCgiLimits;
import org.ongsung.fastcgi.front.Application;
import org.ongsung.fastcgi.server.RawFront.Got;
import org.ongsung.fastcgi.wire.BeginRequest;
import org.ongsung.fastcgi.wire.NameValue;
import org.ongsung.fastcgi.wire.NameValues;
import org.ongsung.fastcgi.wire.ProtocolStatus;
import org.ongsung.fastcgi.wire.RecordHeader;
import org.ongsung.fastcgi.wire.RecordType;
import org.ongsung.fastcgi.wire.Records;
import org.ongsung.fastcgi.wire.Role;
import org.ongsung.testkit.Deadlines;

/// The connector against a front server made by hand.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FastCgiConnectorTest {
  private static final FastCgiLimits LIMITS =
      FastCgiLimits.standard()
          .withParameters(100, 20_000)
          .withBodyBytes(1 << 20)
          .withUnreadBodyBytes(4 << 20)
          .withResponseHeaderBytes(16 << 10);

  private Application application;

  @BeforeAll
  void start() {
    application = new Application(LIMITS);
  }

  @AfterAll
  void stop() {
    application.close();
  }

  @Test
  void aKeptConnectionTakesOneRequestAfterTheOther() throws Exception {
    try (RawFront front = connect()) {
      for (int id = 1; id < 50; id++) {
        List<Got> records = front.send(get(id, true, "/show?n=" + id)).untilEnd();
        assertThat(text(records)).startsWith("Status: 200 OK\r\n").contains("query: n=" + id);
        assertThat(records).extracting(got -> got.header().requestId()).containsOnly(id);
        assertThat(records)
            .extracting(Got::type)
            .endsWith(RecordType.STDOUT, RecordType.END_REQUEST);
        assertThat(end(records).applicationStatus()).isZero();
        assertThat(end(records).protocolStatusCode()).isZero();
      }
    }
  }

  @Test
  void withoutKeepConnectionTheConnectorCloses() throws Exception {
    try (RawFront front = connect()) {
      assertThat(front.send(get(1, false, "/show")).output()).contains("method: GET");
      assertThat(front.next()).isNull();
    }
  }

  @Test
  void aRequestMayArriveOneByteAtATime() throws Exception {
    byte[] body = "가나다".getBytes(UTF_8);
    Map<String, String> parameters = parameters("POST", "/digest");
    parameters.put("CONTENT_LENGTH", "9");
    try (RawFront front = connect()) {
      for (byte each : request(1, true, parameters, body)) {
        front.send(new byte[] {each});
      }
      assertThat(front.output()).contains("9 9 ");
    }
  }

  @Test
  void recordsMayCutParametersAnywhereAndBePadded() throws Exception {
    byte[] pairs = RawFront.encoded(parameters("GET", "/show?" + "x".repeat(300)));
    for (int piece : new int[] {1, 2, 3, 7, 100}) {
      try (RawFront front = connect()) {
        front.send(Records.beginRequest(1, Role.RESPONDER, false));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < pairs.length; at += piece) {
          byte[] part = Arrays.copyOfRange(pairs, at, Math.min(at + piece, pairs.length));
          out.writeBytes(new byte[] {1, 4, 0, 1, 0, (byte) part.length, 5, 0});
          out.writeBytes(part);
          out.writeBytes(new byte[5]);
        }
        front.send(out.toByteArray());
        front.send(Records.endOfStream(RecordType.PARAMS, 1));
        front.send(Records.endOfStream(RecordType.STDIN, 1));
        assertThat(front.output()).contains("query: " + "x".repeat(300));
      }
    }
  }

  @Test
  void clientAddressSchemeAndHostAreThoseOfTheParameters() throws Exception {
    Map<String, String> parameters = parameters("GET", "/show");
    parameters.put("HTTPS", "on");
    parameters.put("HTTP_HOST", "gate.example.org");
    parameters.put("HTTP_PROXY", "http://evil.example/");
    try (RawFront front = connect()) {
      assertThat(front.send(request(1, true, parameters, new byte[0])).output())
          .contains("client: 192.0.2.7\n")
          .contains("secure: true\n")
          .contains("uri: https://gate.example.org/show\n")
          .doesNotContain("header proxy");
      parameters.put("HTTPS", "off");
      parameters.remove("HTTP_HOST");
      assertThat(front.send(request(2, true, parameters, new byte[0])).output())
          .contains("secure: false\n")
          .contains("uri: http://example.org/show\n");
    }
  }

  @Test
  void valuesAreTold() throws Exception {
    byte[] asked =
        NameValues.encode(
            List.of(
                new NameValue("FCGI_MAX_CONNS", ""),
                new NameValue("FCGI_MPXS_CONNS", ""),
                new NameValue("FCGI_MAX_REQS", ""),
                new NameValue("FCGI_NOBODY_KNOWS", "")));
    try (RawFront front = connect()) {
      Got got = front.send(Records.record(RecordType.GET_VALUES, 0, asked)).next();
      assertThat(got.type()).isEqualTo(RecordType.GET_VALUES_RESULT);
      assertThat(NameValues.decode(ByteBuffer.wrap(got.content()), 9))
          .isEqualTo(
              new NameValues.Decoded(
                  List.of(
                      new NameValue("FCGI_MAX_CONNS", "1024"),
                      new NameValue("FCGI_MPXS_CONNS", "0"),
                      new NameValue("FCGI_MAX_REQS", "1024"))));
      assertThat(front.send(get(1, true, "/show")).output()).contains("method: GET");
    }
  }

  @Test
  void anUnknownManagementTypeIsAnsweredAndAnUnknownRequestTypeSkipped() throws Exception {
    try (RawFront front = connect()) {
      front.send(new byte[] {1, (byte) 200, 0, 0, 0, 3, 1, 0, 7, 7, 7, 0});
      Got got = front.next();
      assertThat(got.type()).isEqualTo(RecordType.UNKNOWN_TYPE);
      assertThat(got.content()).startsWith((byte) 200).hasSize(8);
      front.send(new byte[] {1, (byte) 200, 0, 9, 0, 3, 1, 0, 7, 7, 7, 0});
      assertThat(front.send(get(1, true, "/show")).output()).contains("method: GET");
    }
  }

  @Test
  void aSecondRequestAtOnceIsDeclinedAndTheFirstGoesOn() throws Exception {
    String id = "mpx";
    CountDownLatch go = application.hungUp.computeIfAbsent(id, _ -> new CountDownLatch(1));
    try (RawFront front = connect()) {
      front.send(get(1, true, "/sse?id=" + id));
      assertThat(front.next().type()).isEqualTo(RecordType.STDOUT);
      List<Got> declined = front.send(get(2, true, "/show")).untilEnd();
      assertThat(declined).hasSize(1);
      assertThat(declined.getFirst().header().requestId()).isEqualTo(2);
      assertThat(end(declined).protocolStatusCode()).isEqualTo(ProtocolStatus.CANT_MPX_CONN.code());
      go.countDown();
      assertThat(front.output()).contains("data: 둘");
      assertThat(front.send(get(2, true, "/show")).output()).contains("method: GET");
    }
  }

  @Test
  void otherRolesAreDeclined() throws Exception {
    for (Role role : new Role[] {Role.AUTHORIZER, Role.FILTER}) {
      try (RawFront front = connect()) {
        List<Got> kept = front.send(Records.beginRequest(3, role, true)).untilEnd();
        assertThat(end(kept).protocolStatusCode()).isEqualTo(ProtocolStatus.UNKNOWN_ROLE.code());
        front.send(Records.endOfStream(RecordType.PARAMS, 3));
        assertThat(front.send(get(4, true, "/show")).output()).contains("method: GET");
        List<Got> last = front.send(Records.beginRequest(5, role, false)).untilEnd();
        assertThat(end(last).protocolStatusCode()).isEqualTo(ProtocolStatus.UNKNOWN_ROLE.code());
        assertThat(front.next()).isNull();
      }
    }
  }

  @Test
  void anAbortedRequestIsEndedAndTheConnectionStaysOfUse() throws Exception {
    try (RawFront front = connect()) {
      front.send(get(1, true, "/hang?first=1&id=abort"));
      Deadlines.await("the handler waits", () -> application.begun.contains("abort"));
      List<Got> records = front.send(Records.abortRequest(1)).untilEnd();
      assertThat(end(records).applicationStatus()).isEqualTo(1);
      assertThat(application.hungUp.get("abort").await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(front.send(get(2, true, "/show")).output()).contains("method: GET");
    }
  }

  @Test
  void aRequestAbortedBeforeItsParametersHaveEndedIsEnded() throws Exception {
    try (RawFront front = connect()) {
      front.send(Records.beginRequest(1, Role.RESPONDER, true));
      assertThat(front.send(Records.abortRequest(1)).untilEnd()).hasSize(1);
      assertThat(front.send(get(1, true, "/show")).output()).contains("method: GET");
    }
  }

  @Test
  void aFrontServerThatHangsUpIsNoticedWhileTheHandlerWaits() throws Exception {
    int before = application.connections();
    try (RawFront front = connect()) {
      front.send(get(1, true, "/hang?id=idle-hang-up"));
      Deadlines.await("the handler waits", () -> application.begun.contains("idle-hang-up"));
    }
    assertThat(application.hungUp.get("idle-hang-up").await(30, TimeUnit.SECONDS)).isTrue();
    Deadlines.await("the connection is gone", () -> application.connections() <= before);
  }

  @Test
  void parametersPastTheLimitsAre431() throws Exception {
    try (RawFront front = connect()) {
      Map<String, String> large = parameters("GET", "/show");
      large.put("HTTP_X", "x".repeat(20_000 - RawFront.encoded(large).length - 12));
      assertThat(RawFront.encoded(large)).hasSizeBetween(19_990, 20_000);
      assertThat(front.send(request(1, true, large, new byte[0])).output())
          .startsWith("Status: 200");
      large.put("HTTP_Y", "y".repeat(20));
      assertThat(front.send(request(2, true, large, new byte[0])).output())
          .startsWith("Status: 431");
      Map<String, String> many = parameters("GET", "/show");
      for (int i = 0; many.size() < 100; i++) {
        many.put("X_" + i, "");
      }
      assertThat(front.send(request(3, true, many, new byte[0])).output())
          .startsWith("Status: 200");
      many.put("ONE_MORE", "");
      assertThat(front.send(request(4, true, many, new byte[0])).output())
          .startsWith("Status: 431");
      assertThat(front.send(get(5, true, "/show")).output()).startsWith("Status: 200");
    }
  }

  @Test
  void parametersWithoutEndCloseTheConnection() throws Exception {
    try (RawFront front = connect()) {
      front.send(Records.beginRequest(1, Role.RESPONDER, true));
      try {
        for (int i = 0; i < 10; i++) {
          front.send(Records.record(RecordType.PARAMS, 1, new byte[20_000]));
        }
      } catch (IOException e) {
        return;
      }
      assertThat(front.isClosed()).isTrue();
    }
  }

  @Test
  void bodiesPastTheLimitAre413() throws Exception {
    try (RawFront front = connect()) {
      Map<String, String> parameters = parameters("POST", "/digest");
      parameters.put("CONTENT_LENGTH", Integer.toString(1 << 20));
      assertThat(front.send(request(1, true, parameters, new byte[1 << 20])).output())
          .startsWith("Status: 200");
      parameters.put("CONTENT_LENGTH", Integer.toString((1 << 20) + 1));
      assertThat(front.send(request(2, true, parameters, new byte[(1 << 20) + 1])).output())
          .startsWith("Status: 413");
      parameters.remove("CONTENT_LENGTH");
      assertThat(front.send(request(3, true, parameters, new byte[1 << 20])).output())
          .startsWith("Status: 200");
      assertThat(front.send(request(4, true, parameters, new byte[(1 << 20) + 1])).output())
          .startsWith("Status: 413");
      assertThat(front.send(get(5, true, "/show")).output()).startsWith("Status: 200");
    }
  }

  @Test
  void aBodyOfAnotherLengthThanAnnouncedIsABadRequest() throws Exception {
    Map<String, String> parameters = parameters("POST", "/digest");
    parameters.put("CONTENT_LENGTH", "10");
    try (RawFront front = connect()) {
      assertThat(front.send(request(1, true, parameters, new byte[9])).output())
          .startsWith("Status: 400");
      assertThat(front.send(request(2, true, parameters, new byte[11])).output())
          .startsWith("Status: 400");
      parameters.put("CONTENT_LENGTH", "-1");
      assertThat(front.send(request(3, true, parameters, new byte[0])).output())
          .startsWith("Status: 400");
      parameters.put("CONTENT_LENGTH", "ten");
      assertThat(front.send(request(4, true, parameters, new byte[0])).output())
          .startsWith("Status: 400");
    }
  }

  @Test
  void whatCannotBeARequestIs400() throws Exception {
    try (RawFront front = connect()) {
      for (String uri : new String[] {"/%zz", "/%00", "show", "http://evil/", "/a\rb", "*"}) {
        assertThat(front.send(get(1, true, uri)).output()).as(uri).startsWith("Status: 400");
      }
      Map<String, String> noMethod = parameters("", "/show");
      assertThat(front.send(request(1, true, noMethod, new byte[0])).output())
          .startsWith("Status: 400");
      Map<String, String> badHost = parameters("GET", "/show");
      badHost.put("HTTP_HOST", "a b");
      assertThat(front.send(request(1, true, badHost, new byte[0])).output())
          .startsWith("Status: 400");
      Map<String, String> badHeader = parameters("GET", "/show");
      badHeader.put("HTTP_X", "a\r\nb");
      assertThat(front.send(request(1, true, badHeader, new byte[0])).output())
          .startsWith("Status: 400");
      front.send(Records.beginRequest(1, Role.RESPONDER, true));
      front.send(Records.record(RecordType.PARAMS, 1, new byte[] {5, 5, 'a'}));
      front.send(Records.endOfStream(RecordType.PARAMS, 1));
      front.send(Records.endOfStream(RecordType.STDIN, 1));
      assertThat(front.output()).startsWith("Status: 400");
    }
  }

  @Test
  void moreResponseHeadersThanAllowedAreAnErrorAndNotSilence() throws Exception {
    try (RawFront front = connect()) {
      assertThat(front.send(get(1, true, "/large-header?n=15000")).output())
          .startsWith("Status: 200");
      assertThat(front.send(get(2, true, "/large-header?n=17000")).output())
          .startsWith("Status: 500")
          .contains("too long");
    }
  }

  @Test
  void anUnreadBodyIsDroppedUpToTheLimit() throws Exception {
    Map<String, String> parameters = parameters("POST", "/unread");
    try (RawFront front = connect()) {
      assertThat(front.send(request(1, true, parameters, new byte[900_000])).output())
          .contains("not read");
      assertThat(front.send(get(2, true, "/show")).output()).contains("method: GET");
      front.send(get(3, true, "/show"));
      front.untilEnd();
      boolean closed = false;
      try {
        for (int i = 0; i < 100; i++) {
          front.send(Records.record(RecordType.STDIN, 3, new byte[60_000]));
        }
        closed = front.isClosed();
      } catch (IOException e) {
        closed = true;
      }
      assertThat(closed).isTrue();
    }
  }

  @Test
  void whatComesAfterTheEndIsDroppedUpToTheLimitAndOneBytePastItCloses() throws Exception {
    try (RawFront front = connect()) {
      for (int id = 1; id < 3; id++) {
        front.send(get(id, true, "/show"));
        front.untilEnd();
        for (int i = 0; i < 128; i++) {
          front.send(Records.record(RecordType.STDIN, id, new byte[32 << 10]));
        }
      }
      assertThat(front.send(get(3, true, "/show")).output()).as("4 MiB").contains("method: GET");
      for (int i = 0; i < 128; i++) {
        front.send(Records.record(RecordType.STDIN, 3, new byte[32 << 10]));
      }
      front.send(Records.record(RecordType.STDIN, 3, new byte[1]));
      assertThat(front.isClosed()).isTrue();
    }
  }

  @Test
  void aPeerThatDoesNotSpeakFastCgiIsClosed() throws Exception {
    for (byte[] bytes :
        List.of(
            "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(UTF_8),
            new byte[] {2, 1, 0, 1, 0, 8, 0, 0},
            new byte[] {1, 1, 0, 1, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0},
            new byte[] {1, 6, 0, 1, 0, 0, 0, 0},
            new byte[] {1, 1, 0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0})) {
      try (RawFront front = connect()) {
        assertThat(front.send(bytes).isClosed()).isTrue();
      }
    }
  }

  @Test
  void aRequestThatBeginsTwiceClosesTheConnection() throws Exception {
    try (RawFront front = connect()) {
      front.send(Records.beginRequest(1, Role.RESPONDER, true));
      front.send(Records.beginRequest(1, Role.RESPONDER, true));
      assertThat(front.isClosed()).isTrue();
    }
  }

  @Test
  void repliesThatNobodyReadsCloseTheConnection() throws Exception {
    try (RawFront front = connect()) {
      byte[] question = {1, 99, 0, 0, 0, 0, 0, 0};
      ByteArrayOutputStream many = new ByteArrayOutputStream();
      for (int i = 0; i < 10_000; i++) {
        many.writeBytes(question);
      }
      boolean closed = false;
      for (int i = 0; i < 1_000 && !closed; i++) {
        try {
          front.send(many.toByteArray());
        } catch (IOException e) {
          closed = true;
        }
      }
      assertThat(closed).isTrue();
    }
  }

  @Test
  void aHandlerThatDoesNotReadStopsTheSender() throws Exception {
    CountDownLatch latch =
        application.hungUp.computeIfAbsent("no-read", _ -> new CountDownLatch(1));
    try (RawFront front = connect()) {
      front.send(Records.beginRequest(1, Role.RESPONDER, true));
      front.send(
          Records.record(
              RecordType.PARAMS, 1, RawFront.encoded(parameters("POST", "/hang?id=no-read"))));
      front.send(Records.endOfStream(RecordType.PARAMS, 1));
      Deadlines.await("the handler waits", () -> application.begun.contains("no-read"));
      front.socket.getChannel().configureBlocking(false);
      ByteBuffer block = ByteBuffer.allocate(60_008);
      Records.putHeader(block, RecordType.STDIN, 1, 60_000);
      long sent = 0;
      int stalled = 0;
      while (stalled < 40 && sent < 100 << 20) {
        if (!block.hasRemaining() || block.position() == RecordHeader.BYTES) {
          block.position(0);
        }
        int n = front.socket.getChannel().write(block);
        sent += n;
        stalled = n == 0 ? stalled + 1 : 0;
        if (n == 0) {
          Thread.sleep(10);
        }
      }
      assertThat(sent).as("only what sockets hold").isLessThan(30 << 20);
      latch.countDown();
    }
  }

  @Test
  void aFrontServerThatDoesNotReadStopsTheHandler() throws Exception {
    try (RawFront front = connect()) {
      front.send(get(1, true, "/endless?id=stall"));
      Deadlines.await("it writes", () -> application.written.containsKey("stall"));
      long before = -1;
      long now = application.written.get("stall").sum();
      for (int i = 0; i < 500 && now != before; i++) {
        Thread.sleep(100);
        before = now;
        now = application.written.get("stall").sum();
      }
      assertThat(now).as("only what sockets hold").isEqualTo(before).isLessThan(30 << 20);
    }
    Deadlines.await("the handler ends", () -> application.ended.contains("stall"));
  }

  @Test
  void randomChangesOfARequestHurtNobodyElse() throws Exception {
    Random random = new Random(17);
    Map<String, String> parameters = parameters("POST", "/digest");
    parameters.put("CONTENT_LENGTH", "500");
    byte[] good = request(1, true, parameters, new byte[500]);
    for (int round = 0; round < 300; round++) {
      byte[] bad = good.clone();
      for (int i = random.nextInt(6); i >= 0; i--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      if (random.nextBoolean()) {
        bad = Arrays.copyOf(bad, random.nextInt(bad.length));
      }
      try (RawFront front = connect()) {
        front.send(bad);
        front.socket.shutdownOutput();
        while (front.next() != null) {
          // whatever it answers
        }
      } catch (SocketTimeoutException e) {
        throw e; // neither answered nor closed
      } catch (IOException e) {
        // closed
      }
    }
    try (RawFront front = connect()) {
      assertThat(front.send(good).output()).contains("500 500 ");
    }
  }

  @Test
  void onlyAllowedPeersMayConnect() throws Exception {
    try (Application guarded =
            new Application(LIMITS, PeerAddresses.of(List.of("192.0.2.0/24", "127.0.0.2")));
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), guarded.tcp().getPort())) {
      RawFront front = new RawFront(socket);
      boolean closed;
      try {
        closed = front.send(get(1, true, "/show")).isClosed();
      } catch (IOException e) {
        closed = true;
      }
      assertThat(closed).isTrue();
    }
  }

  @Test
  void connectionsPastTheLimitWaitForAPlace() throws Exception {
    try (Application small = new Application(LIMITS.withConnections(2));
        RawFront first = connect(small);
        RawFront second = connect(small);
        RawFront third = connect(small)) {
      assertThat(first.send(get(1, true, "/show")).output()).contains("method: GET");
      assertThat(second.send(get(1, true, "/show")).output()).contains("method: GET");
      third.send(get(1, true, "/show"));
      third.socket.setSoTimeout(300);
      assertThat(third.isClosed()).isFalse();
      third.socket.setSoTimeout(30_000);
      first.close();
      assertThat(third.output()).contains("method: GET");
    }
  }

  @Test
  void aBeginRequestMayBeCutByReads() throws Exception {
    try (RawFront front = connect()) {
      byte[] bytes = get(1, true, "/show");
      front.send(Arrays.copyOf(bytes, RecordHeader.BYTES + BeginRequest.BYTES / 2));
      Thread.sleep(20);
      front.send(
          Arrays.copyOfRange(bytes, RecordHeader.BYTES + BeginRequest.BYTES / 2, bytes.length));
      assertThat(front.output()).contains("method: GET");
    }
  }

  private RawFront connect() throws IOException {
    return connect(application);
  }

  private static RawFront connect(Application to) throws IOException {
    return new RawFront(java.nio.channels.SocketChannel.open(to.tcp()).socket());
  }
}
