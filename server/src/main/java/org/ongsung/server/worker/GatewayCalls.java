package org.ongsung.server.worker;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/// What a worker says to its gateway, by HTTP/1.1 (RFC 9112).
///
/// The token is read from its file for each request, so that a new one counts at once. Redirects
/// are not followed: the token goes nowhere else.
///
/// Threads: any; [#call] blocks.
public class GatewayCalls implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final int MAX_ANSWER_BYTES = 4 << 20;
  private static final int MAX_TOKEN_BYTES = 4_096;

  private final String base;
  private final Path tokenFile;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http;

  /// What came back.
  static final class Answer {
    private final HttpResponse<?> response;
    private final byte[] body;

    Answer(HttpResponse<?> response, byte[] body) {
      this.response = response;
      this.body = body;
    }

    byte[] body() {
      return body;
    }

    int status() {
      return response.statusCode();
    }

    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    Optional<String> header(String name) {
      return response.headers().firstValue(name);
    }
  }

  /// @param gateway scheme, host, port, and the path under which the console is
  /// @param trust whom to trust by HTTPS; empty for whom Java trusts
  public GatewayCalls(URI gateway, Path tokenFile, Optional<SSLContext> trust) {
    this.base = gateway.toString().replaceAll("/+$", "") + "/api/v1/worker";
    this.tokenFile = tokenFile;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT)
            .executor(threads);
    trust.ifPresent(builder::sslContext);
    this.http = builder.build();
  }

  /// Says one thing and reads the whole answer.
  ///
  /// @param path below the worker's part of the API, with a query if there is one
  /// @param body empty for none
  Answer call(String method, String path, String contentType, byte[] body, Duration longest)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base + path))
            .header("Authorization", "Bearer " + token())
            .header("Content-Type", contentType)
            .timeout(longest)
            .method(
                method,
                body.length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    HttpResponse<InputStream> answer =
        http.send(request, HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream in = answer.body()) {
      byte[] bytes = in.readNBytes(MAX_ANSWER_BYTES);
      long said = answer.headers().firstValueAsLong("Content-Length").orElse(bytes.length);
      if (said > bytes.length && said <= MAX_ANSWER_BYTES) {
        throw new IOException("the answer broke off");
      }
      return new Answer(answer, bytes);
    }
  }

  private String token() throws IOException {
    try (InputStream in = Files.newInputStream(tokenFile)) {
      String text = new String(in.readNBytes(MAX_TOKEN_BYTES), StandardCharsets.US_ASCII);
      String token = text.lines().findFirst().orElse("").strip();
      if (!token.chars().allMatch(c -> c > ' ' && c <= '~')) {
        throw new IOException("the file holds no token"); // half written, perhaps
      }
      return token;
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
    threads.shutdownNow();
  }
}
