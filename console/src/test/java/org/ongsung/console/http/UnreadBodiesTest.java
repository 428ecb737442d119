package org.ongsung.console.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.Test;

/// Answers that come before the body, as clients hear them that read only when they have sent all.
class UnreadBodiesTest {
  private static final int MOST = 1 << 20;
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final int PATIENCE_MILLIS = 60_000;
  private static final String TOLD = "no room for that\n";

  /// A server that reads no body: it refuses a POST, and answers anything else.
  private static final class Refusing implements AutoCloseable {
    private final Server server;
    private final ServerConnector connector;
    private final AtomicInteger asked = new AtomicInteger();

    Refusing(Duration longest) throws Exception {
      QueuedThreadPool threads = new QueuedThreadPool(8, 2);
      threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server = new Server(threads);
      HttpConfiguration http = new HttpConfiguration();
      connector =
          new ServerConnector(
              server, new HttpConnectionFactory(http), new HTTP2CServerConnectionFactory(http));
      connector.setIdleTimeout(LONG.toMillis());
      server.addConnector(connector);
      server.setHandler(
          new UnreadBodies(
              new Handler.Abstract() {
                @Override
                public boolean handle(Request request, Response response, Callback callback) {
                  asked.incrementAndGet();
                  response.setStatus(request.getMethod().equals("POST") ? 413 : 200);
                  byte[] told = TOLD.getBytes(US_ASCII);
                  response.write(true, ByteBuffer.wrap(told), callback);
                  return true;
                }
              },
              MOST,
              longest));
      server.start();
    }

    URI uri() {
      return URI.create("http://127.0.0.1:" + connector.getLocalPort() + "/");
    }

    Socket connect() throws IOException {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort());
      socket.setSoTimeout(PATIENCE_MILLIS);
      return socket;
    }

    @Override
    public void close() throws Exception {
      server.stop();
    }
  }

  private static void post(Socket socket, String more) throws IOException {
    socket
        .getOutputStream()
        .write(("POST / HTTP/1.1\r\nHost: x\r\n" + more + "\r\n").getBytes(US_ASCII));
  }

  private static void send(Socket socket, int bytes) throws IOException {
    OutputStream out = socket.getOutputStream();
    byte[] piece = new byte[8_192];
    Arrays.fill(piece, (byte) 'a');
    for (int left = bytes; left > 0; left -= piece.length) {
      out.write(piece, 0, Math.min(left, piece.length));
    }
  }

  /// The status line of the next answer, which is read to its end.
  private static String answer(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder text = new StringBuilder();
    while (text.indexOf(TOLD) < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("ended after: " + text);
      }
      text.append((char) next);
    }
    return text.substring(0, text.indexOf("\r\n"));
  }

  /// Whether the server has ended the connection, gently or not.
  private static boolean isEnded(Socket socket) {
    try {
      return socket.getInputStream().read() < 0;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void whoSendsAllBeforeReadingHearsTheAnswerAndKeepsTheConnection() throws Exception {
    try (Refusing server = new Refusing(LONG);
        Socket socket = server.connect()) {
      for (int i = 0; i < 5; i++) {
        post(socket, "Content-Length: " + MOST + "\r\n");
        send(socket, MOST);
        assertThat(answer(socket)).startsWith("HTTP/1.1 413 ");
      }
      assertThat(server.asked).hasValue(5);
    }
  }

  @Test
  void aBodyOfUntoldLengthIsDroppedToItsEnd() throws Exception {
    try (Refusing server = new Refusing(LONG);
        Socket socket = server.connect()) {
      for (int i = 0; i < 2; i++) {
        post(socket, "Transfer-Encoding: chunked\r\n");
        String chunk = "2000\r\n" + "a".repeat(0x2000) + "\r\n";
        socket.getOutputStream().write((chunk.repeat(100) + "0\r\n\r\n").getBytes(US_ASCII));
        assertThat(answer(socket)).startsWith("HTTP/1.1 413 ");
      }
    }
  }

  @Test
  void oneBytePastTheBoundCutsTheConnectionAfterTheAnswer() throws Exception {
    try (Refusing server = new Refusing(LONG);
        Socket socket = server.connect()) {
      post(socket, "Content-Length: " + 2 * MOST + "\r\n");
      assertThat(answer(socket)).startsWith("HTTP/1.1 413 ");
      send(socket, MOST);
      socket.setSoTimeout(500);
      assertThat(isEnded(socket)).as("at the bound").isFalse();
      socket.setSoTimeout(PATIENCE_MILLIS);
      send(socket, 1);
      assertThat(isEnded(socket)).as("past the bound").isTrue();
    }
  }

  @Test
  void aClientThatStopsSendingIsCutAfterTheTime() throws Exception {
    try (Refusing server = new Refusing(Duration.ofMillis(300));
        Socket socket = server.connect()) {
      post(socket, "Content-Length: " + MOST + "\r\n");
      send(socket, 1_000);
      assertThat(answer(socket)).startsWith("HTTP/1.1 413 ");
      assertThat(isEnded(socket)).isTrue();
    }
  }

  @Test
  void aClientThatTricklesIsCutAfterTheTime() throws Exception {
    try (Refusing server = new Refusing(Duration.ofMillis(300));
        Socket socket = server.connect()) {
      post(socket, "Content-Length: " + MOST + "\r\n");
      assertThat(answer(socket)).startsWith("HTTP/1.1 413 ");
      socket.setSoTimeout(20);
      int sent = 0;
      while (!isEnded(socket) && sent < 3_000) {
        try {
          send(socket, 1);
          sent++;
        } catch (IOException e) {
          break;
        }
      }
      assertThat(sent).isLessThan(3_000); // a minute
    }
  }

  @Test
  void whoWaitsToBeToldIsNotToldToSend() throws Exception {
    try (Refusing server = new Refusing(LONG);
        Socket socket = server.connect()) {
      post(socket, "Expect: 100-continue\r\nContent-Length: " + MOST + "\r\n");
      assertThat(answer(socket)).startsWith("HTTP/1.1 413 ");
      assertThat(isEnded(socket)).isTrue();
    }
  }

  @Test
  void whoAsksAndSendsAtOnceHearsTheAnswer() throws Exception {
    try (Refusing server = new Refusing(LONG);
        Socket socket = server.connect()) {
      post(socket, "Expect: 100-continue\r\nContent-Length: " + MOST + "\r\n");
      send(socket, MOST);
      assertThat(answer(socket)).startsWith("HTTP/1.1 413 ");
    }
  }

  @Test
  void anOrdinaryClientHearsTheAnswerByHttp1() throws Exception {
    try (Refusing server = new Refusing(LONG);
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      for (int i = 0; i < 20; i++) {
        assertThat(post(client, server, MOST).statusCode()).isEqualTo(413);
      }
    }
  }

  @Test
  void anOrdinaryClientHearsTheAnswerByHttp2() throws Exception {
    try (Refusing server = new Refusing(LONG);
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
      upgrade(client, server);
      for (int i = 0; i < 20; i++) {
        HttpResponse<String> answer = post(client, server, MOST);
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.body()).isEqualTo(TOLD);
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
      }
    }
  }

  @Test
  void aBodyPastTheBoundByHttp2EndsThatRequestAlone() throws Exception {
    try (Refusing server = new Refusing(LONG);
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
      upgrade(client, server);
      try {
        assertThat(post(client, server, 8 * MOST).statusCode()).isEqualTo(413);
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("RST_STREAM");
      }
      assertThat(upgrade(client, server)).isEqualTo(HttpClient.Version.HTTP_2);
    }
  }

  private static HttpClient.Version upgrade(HttpClient client, Refusing server) throws Exception {
    HttpRequest get = HttpRequest.newBuilder(server.uri()).build();
    HttpResponse<String> answer = client.send(get, BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.version();
  }

  private static HttpResponse<String> post(HttpClient client, Refusing server, int bytes)
      throws Exception {
    HttpRequest post =
        HttpRequest.newBuilder(server.uri())
            .timeout(Duration.ofMillis(PATIENCE_MILLIS))
            .POST(BodyPublishers.ofByteArray(new byte[bytes]))
            .build();
    return client.send(post, BodyHandlers.ofString());
  }
}
