package org.ongsung.server.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ongsung.jobs.JobKind;
import org.ongsung.jobs.JobsUnavailableException;
import org.ongsung.jobs.TakeRequest;

/// How a worker begins with a gateway that answers as it is told.
class HttpJobQueueTest {
  @TempDir private Path folder;
  private final Queue<Integer> statuses = new ConcurrentLinkedQueue<>();
  private final AtomicInteger asked = new AtomicInteger();
  private HttpServer http;
  private GatewayCalls calls;
  private HttpJobQueue queue;

  @BeforeEach
  void open() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext("/", this::answer);
    http.start();
    calls =
        new GatewayCalls(
            URI.create("http://127.0.0.1:" + http.getAddress().getPort()),
            tokenIs("a-token"),
            java.util.Optional.empty());
    queue = new HttpJobQueue(calls);
  }

  @AfterEach
  void close() {
    calls.close();
    http.stop(0);
  }

  private Path tokenIs(String text) throws IOException {
    return Files.writeString(folder.resolve("token"), text + "\n");
  }

  private void answer(HttpExchange exchange) throws IOException {
    asked.incrementAndGet();
    Integer status = statuses.poll();
    byte[] body = "{\"name\": \"far\"}".getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status == null ? 200 : status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Test
  void aGatewayThatIsTooBusyIsAskedAgain() throws Exception {
    statuses.add(503);
    assertThat(queue.name()).isEqualTo("far");
    assertThat(asked).hasValue(2);
  }

  @Test
  void aTokenThatIsNotTakenIsSaidAtOnce() {
    statuses.addAll(List.of(401, 401));
    assertThatThrownBy(queue::name)
        .isInstanceOf(TokenRefusedException.class)
        .hasMessageContaining("401");
    assertThat(asked).hasValue(1);
  }

  @Test
  void whatIsNoGatewaySaysNothingOfTheToken() {
    statuses.add(502);
    assertThatThrownBy(queue::name)
        .isInstanceOf(JobsUnavailableException.class)
        .hasMessageContaining("502");
  }

  @Test
  void aFileThatHoldsNoTokenForAMomentIsNoReasonToEnd() throws Exception {
    Path _ = tokenIs("half a t\u0000ken");
    TakeRequest request =
        new TakeRequest("far", null, Set.of(JobKind.PROBE), 1, "a-token-of-16-chars");
    assertThatThrownBy(() -> queue.take(request, Duration.ZERO))
        .isInstanceOf(JobsUnavailableException.class);
    assertThat(asked).hasValue(0);
  }
}
