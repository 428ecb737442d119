package org.ongsung.fastcgi.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ongsung.fastcgi.client.FastCgiClient.Limits;
import org.ongsung.fastcgi.front.Application;
import org.ongsung.fastcgi.wire.ProtocolStatus;
import org.ongsung.fastcgi.wire.RecordType;
import org.ongsung.fastcgi.wire.Records;
import org.ongsung.testkit.Deadlines;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FastCgiClientTest {
  private Application application;

  @BeforeAll
  void start() {
    application = new Application();
  }

  @AfterAll
  void stop() {
    application.close();
  }

  Stream<SocketAddress> addresses() {
    return Stream.of(application.tcp(), application.unix());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void requestsGoOverOneKeptConnection(boolean unix) throws Exception {
    try (Application own = new Application();
        FastCgiClient client =
            new FastCgiClient(unix ? own.unix() : own.tcp(), Limits.standard())) {
      Set<String> ports = new HashSet<>();
      for (int i = 0; i < 100; i++) {
        try (FastCgiResponse response =
            client.send(FastCgiRequest.of("GET", "/show?i=" + i).header("X-One", "two"))) {
          assertThat(response.status()).isEqualTo(200);
          assertThat(response.headers().get("Content-Type")).isEqualTo("text/plain;charset=utf-8");
          String seen = text(response);
          assertThat(seen).contains("query: i=" + i + "\n").contains("header x-one: two");
          ports.add(
              seen.lines().filter(line -> line.startsWith("connection")).findAny().orElseThrow());
        }
      }
      assertThat(ports).as("connections").hasSize(1);
      client.close();
      Deadlines.await("it is closed with the client", () -> own.connections() == 0);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void withoutKeptConnectionsTheApplicationCloses(boolean unix) throws Exception {
    try (Application own = new Application();
        FastCgiClient client =
            new FastCgiClient(
                unix ? own.unix() : own.tcp(), Limits.standard().withKeptConnections(0))) {
      for (int i = 0; i < 5; i++) {
        try (FastCgiResponse response = client.send(FastCgiRequest.of("GET", "/show"))) {
          assertThat(text(response)).contains("method: GET");
        }
      }
      Deadlines.await("none is open", () -> own.connections() == 0);
    }
  }

  @ParameterizedTest
  @MethodSource("addresses")
  void largeBodiesGoBothWays(SocketAddress address) throws Exception {
    byte[] body = new byte[5 << 20];
    try (FastCgiClient client = new FastCgiClient(address, Limits.standard())) {
      try (FastCgiResponse response =
          client.send(FastCgiRequest.of("POST", "/digest").body(body))) {
        assertThat(text(response)).startsWith(body.length + " " + body.length);
      }
      try (FastCgiResponse response =
          client.send(
              FastCgiRequest.of("POST", "/digest").body(new ByteArrayInputStream(body), -1))) {
        assertThat(text(response)).startsWith("-1 " + body.length);
      }
      try (FastCgiResponse response =
          client.send(FastCgiRequest.of("GET", "/bytes?n=" + body.length))) {
        assertThat(response.body().readAllBytes()).hasSize(body.length);
      }
    }
  }

  @Test
  void aStatusAndCookiesComeAsTheyAre() throws Exception {
    try (FastCgiClient client = new FastCgiClient(application.tcp(), Limits.standard())) {
      try (FastCgiResponse response = client.send(FastCgiRequest.of("GET", "/status?code=404"))) {
        assertThat(response.status()).isEqualTo(404);
      }
      try (FastCgiResponse response = client.send(FastCgiRequest.of("GET", "/cookies"))) {
        assertThat(response.headers().getValuesList("Set-Cookie")).containsExactly("a=1", "b=2");
      }
    }
  }

  @Test
  void closingAResponseEarlyAbortsTheRequest() throws Exception {
    try (FastCgiClient client = new FastCgiClient(application.unix(), Limits.standard())) {
      try (FastCgiResponse response =
          client.send(FastCgiRequest.of("GET", "/endless?id=client-close"))) {
        assertThat(response.body().readNBytes(10)).hasSize(10);
      }
      Deadlines.await("the handler ends", () -> application.ended.contains("client-close"));
    }
  }

  @Test
  void aCutResponseIsAFailure() throws Exception {
    try (FastCgiClient client = new FastCgiClient(application.tcp(), Limits.standard());
        FastCgiResponse response = client.send(FastCgiRequest.of("GET", "/cut"))) {
      assertThatThrownBy(() -> response.body().readAllBytes()).isInstanceOf(IOException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("addresses")
  void silenceIsAFailureThatSaysSo(SocketAddress address) {
    try (FastCgiClient client =
        new FastCgiClient(address, Limits.standard().withSilence(Duration.ofMillis(200)))) {
      assertThatThrownBy(
              () -> client.send(FastCgiRequest.of("GET", "/hang?id=silent" + address.hashCode())))
          .isInstanceOf(SocketTimeoutException.class)
          .hasMessageContaining("nothing came");
    }
  }

  @Test
  void valuesAreAskedFor() throws Exception {
    try (FastCgiClient client = new FastCgiClient(application.unix(), Limits.standard())) {
      assertThat(client.values(List.of("FCGI_MPXS_CONNS", "FCGI_NONE")))
          .containsOnly(java.util.Map.entry("FCGI_MPXS_CONNS", "0"));
    }
  }

  @Test
  void aKeptConnectionThatHasDiedIsNotUsed() throws Exception {
    try (Scripted scripted =
            new Scripted(
                2,
                record(RecordType.STDOUT, "Status: 201 Made\n\nx"),
                Records.endRequest(1, 0, ProtocolStatus.REQUEST_COMPLETE));
        FastCgiClient client = new FastCgiClient(scripted.address(), Limits.standard())) {
      for (int i = 0; i < 2; i++) {
        try (FastCgiResponse response = client.send(FastCgiRequest.of("GET", "/"))) {
          assertThat(response.status()).isEqualTo(201);
          assertThat(text(response)).isEqualTo("x");
        }
        assertThat(scripted.hasClosed()).isTrue();
      }
    }
  }

  @Test
  void standardErrorIsRememberedAndToldWhenThereIsNoAnswer() throws Exception {
    try (Scripted scripted =
            new Scripted(
                1,
                record(RecordType.STDERR, "out of cheese\n"),
                Records.endRequest(1, 1, ProtocolStatus.REQUEST_COMPLETE));
        FastCgiClient client = new FastCgiClient(scripted.address(), Limits.standard())) {
      assertThatThrownBy(() -> client.send(FastCgiRequest.of("GET", "/")))
          .isInstanceOf(FastCgiException.class)
          .hasMessageContaining("out of cheese");
    }
  }

  @Test
  void anApplicationThatDeclinesIsQuoted() throws Exception {
    try (Scripted scripted = new Scripted(1, Records.endRequest(1, 0, ProtocolStatus.OVERLOADED));
        FastCgiClient client = new FastCgiClient(scripted.address(), Limits.standard())) {
      assertThatThrownBy(() -> client.send(FastCgiRequest.of("GET", "/")))
          .isInstanceOf(FastCgiException.class)
          .hasMessageContaining("OVERLOADED");
    }
  }

  @Test
  void hangingUpIsAFailure() throws Exception {
    try (Scripted scripted = new Scripted(1, record(RecordType.STDOUT, "Status: 200 OK\n"));
        FastCgiClient client = new FastCgiClient(scripted.address(), Limits.standard())) {
      assertThatThrownBy(() -> client.send(FastCgiRequest.of("GET", "/")))
          .isInstanceOf(EOFException.class);
    }
  }

  @Test
  void whatIsNoFastCgiIsSaid() throws Exception {
    try (Scripted scripted =
            new Scripted(1, ByteBuffer.wrap("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8)));
        FastCgiClient client = new FastCgiClient(scripted.address(), Limits.standard())) {
      assertThatThrownBy(() -> client.send(FastCgiRequest.of("GET", "/")))
          .isInstanceOf(FastCgiException.class)
          .hasMessageContaining("version 1");
    }
  }

  @Test
  void nobodyThereIsAFailure() {
    try (FastCgiClient client =
        new FastCgiClient(
            new InetSocketAddress(
                InetAddress.getLoopbackAddress(), org.ongsung.testkit.Ports.free()),
            Limits.standard())) {
      assertThatThrownBy(() -> client.send(FastCgiRequest.of("GET", "/")))
          .isInstanceOf(IOException.class);
    }
  }

  private static ByteBuffer record(RecordType type, String text) {
    return Records.record(type, 1, text.getBytes(UTF_8));
  }

  private static String text(FastCgiResponse response) throws IOException {
    return new String(response.body().readAllBytes(), UTF_8);
  }

  /// An application that says the same to everyone, reads the beginning of the request, and hangs
  /// up.
  private static final class Scripted implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    private final java.util.concurrent.Semaphore closed = new java.util.concurrent.Semaphore(0);

    Scripted(int times, ByteBuffer... records) throws IOException {
      java.io.ByteArrayOutputStream script = new java.io.ByteArrayOutputStream();
      for (ByteBuffer record : records) {
        byte[] bytes = new byte[record.remaining()];
        record.get(bytes);
        script.writeBytes(bytes);
      }
      Thread.ofVirtual()
          .start(
              () -> {
                for (int i = 0; i < times; i++) {
                  try (Socket socket = server.accept()) {
                    readRequest(socket);
                    socket.getOutputStream().write(script.toByteArray());
                  } catch (IOException e) {
                    // the client has left
                  }
                  closed.release();
                }
              });
    }

    /// Reads up to the end of standard input, so that closing resets nothing.
    private static void readRequest(Socket socket) throws IOException {
      java.io.DataInputStream in = new java.io.DataInputStream(socket.getInputStream());
      while (true) {
        in.readUnsignedByte();
        int type = in.readUnsignedByte();
        in.readUnsignedShort();
        int length = in.readUnsignedShort();
        in.skipNBytes(2 + length);
        if (type == RecordType.STDIN.code() && length == 0) {
          return;
        }
      }
    }

    boolean hasClosed() throws InterruptedException {
      return closed.tryAcquire(30, TimeUnit.SECONDS);
    }

    InetSocketAddress address() {
      return (InetSocketAddress) server.getLocalSocketAddress();
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }
}
