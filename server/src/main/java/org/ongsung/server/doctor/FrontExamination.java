package org.ongsung.server.doctor;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.ongsung.cli.client.ApiClient;
import org.ongsung.cli.words.Phrase;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Looks at a running gateway through the web server in front of it, as a browser would, and names
/// each setting that is wrong there.
public final class FrontExamination {
  /// Of a network that nobody has (RFC 5737).
  private static final String INVENTED = "192.0.2.77";

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int HEADER_CHARACTERS = 6_000;

  /// As many live views as a busy gateway has.
  private static final int STREAMS = 100;

  private final URI front;
  private final URI check;

  /// Where the console lies, from `/` to `/`, by the address and by `public.url`.
  private final String path;

  private final String configuredPath;
  private final HttpClient http;
  private final List<Finding> findings = new ArrayList<>();
  private FrontKind kind = FrontKind.UNKNOWN;

  private FrontExamination(URI front, URI gateway, String ticket, HttpClient http) {
    String base = front.toString().replaceAll("/+$", "");
    this.path = pathOf(front);
    this.configuredPath = pathOf(gateway);
    this.front = front;
    this.check = URI.create(base + "/api/v1/front-checks/" + ticket);
    this.http = http;
  }

  /// What is found.
  ///
  /// @param front how browsers reach the console
  /// @param gateway the gateway's own listener, as an administrator
  /// @param tls whom to trust; empty for whom Java trusts
  public static List<Finding> run(URI front, ApiClient gateway, Optional<SSLContext> tls) {
    String ticket = gateway.send("POST", "front-checks", null).path("ticket").asString("");
    HttpClient.Builder http = HttpClient.newBuilder().connectTimeout(PATIENCE);
    tls.ifPresent(http::sslContext);
    if (isLoopback(front)) {
      // Not the front server's own address, which would be taken for another front server.
      http.localAddress(InetAddress.ofLiteral("127.0.0.5"));
    }
    try (HttpClient client = http.build()) {
      FrontExamination examination = new FrontExamination(front, gateway.address(), ticket, client);
      examination.look();
      gateway.send("POST", "front-checks/" + ticket + "/release", null); // ends what streams
      client.shutdownNow();
      return List.copyOf(examination.findings);
    }
  }

  private static String pathOf(URI console) {
    String path = console.getRawPath();
    return (path == null ? "" : path.replaceAll("/+$", "")) + "/";
  }

  private Phrase advice(String line) {
    return kind.advice(line, path);
  }

  private static boolean isLoopback(URI front) {
    return front.getHost() != null && front.getHost().startsWith("127.");
  }

  private void look() {
    try {
      Optional<JsonNode> seen = reach();
      if (seen.isPresent()) {
        client(seen.get());
        authorization();
        longHeaders();
        upload();
        events();
        sockets(seen.get());
        workers();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private HttpRequest.Builder request(String inside) {
    return HttpRequest.newBuilder(URI.create(check + inside)).timeout(PATIENCE);
  }

  private HttpResponse<String> get(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private Optional<JsonNode> reach() throws InterruptedException {
    try {
      HttpResponse<String> answer = get(request(""));
      kind = FrontKind.of(answer.headers().firstValue("server").orElse(""));
      if (answer.statusCode() == 200) {
        JsonNode seen = JsonMapper.shared().readTree(answer.body());
        findings.add(
            Finding.ok("way", Phrase.of("doctor.front.way", front, seen.path("way").asString(""))));
        return Optional.of(seen);
      }
      findings.add(
          Finding.problem(
              "way", Phrase.of("doctor.front.elsewhere", front, answer.statusCode()), elsewhere()));
    } catch (IOException | JacksonException e) {
      findings.add(
          Finding.problem(
              "way",
              Phrase.of("doctor.front.silent", front, String.valueOf(e.getMessage())),
              Phrase.of("doctor.front.silent.advice")));
    }
    return Optional.empty();
  }

  /// Where both sides agree on the path, the web server has lost it, or does not pass it on at all.
  private Phrase elsewhere() {
    return path.equals(configuredPath) && kind != FrontKind.UNKNOWN
        ? advice(kind.path)
        : Phrase.of("doctor.front.elsewhere.advice");
  }

  private void client(JsonNode seen) throws InterruptedException {
    if (seen.path("way").asString("").equals("untold")) {
      findings.add(
          Finding.problem(
              "address", Phrase.of("doctor.front.address-lost"), advice(kind.addressLost)));
    } else if (isBelieved("X-Forwarded-For", INVENTED)
        || isBelieved("Forwarded", "for=" + INVENTED)) {
      findings.add(
          Finding.problem(
              "address", Phrase.of("doctor.front.address-invented"), advice(kind.addressInvented)));
    } else if (seen.path("way").asString("").equals("direct") && kind != FrontKind.UNKNOWN) {
      findings.add(
          Finding.problem(
              "address",
              Phrase.of("doctor.front.address-unbelieved"),
              Phrase.of("doctor.front.address-unbelieved.advice")));
    } else {
      findings.add(Finding.ok("address", Phrase.of("doctor.front.address")));
    }
    boolean https = "https".equals(front.getScheme());
    findings.add(
        seen.path("secure").asBoolean(false) == https
            ? Finding.ok(
                "scheme", Phrase.of("doctor.front.scheme", String.valueOf(front.getScheme())))
            : Finding.problem(
                "scheme", Phrase.of("doctor.front.scheme-lost"), advice(kind.scheme)));
    String asked = String.valueOf(front.getAuthority());
    String host = seen.path("host").asString("");
    findings.add(
        host.equals(asked)
            ? Finding.ok("host", Phrase.of("doctor.front.host", host))
            : Finding.problem(
                "host", Phrase.of("doctor.front.host-lost", asked, host), advice(kind.host)));
  }

  /// A request that disagrees with itself is refused, which is as good.
  private boolean isBelieved(String header, String value) throws InterruptedException {
    try {
      HttpResponse<String> answer = get(request("").header(header, value));
      return answer.statusCode() == 200 && answer.body().contains(INVENTED);
    } catch (IOException e) {
      return false;
    }
  }

  /// Tokens of the API come in it. What is no token is refused, where it comes through.
  private void authorization() throws InterruptedException {
    int status = status(request("").header("Authorization", "Doctor looks"));
    findings.add(
        status == 401
            ? Finding.ok("authorization", Phrase.of("doctor.front.authorization"))
            : Finding.problem(
                "authorization",
                Phrase.of("doctor.front.authorization-lost"),
                advice(kind.authorization)));
  }

  private void longHeaders() throws InterruptedException {
    String padding = "x".repeat(HEADER_CHARACTERS);
    int there = status(request("").header("X-Padding-1", padding).header("X-Padding-2", padding));
    int back = status(request("/headers"));
    if (there != 200) {
      findings.add(
          Finding.problem(
              "headers", Phrase.of("doctor.front.headers-there", there), advice(kind.longRequest)));
    }
    if (back != 200) {
      findings.add(
          Finding.problem(
              "headers", Phrase.of("doctor.front.headers-back", back), advice(kind.longResponse)));
    }
    if (there == 200 && back == 200) {
      findings.add(Finding.ok("headers", Phrase.of("doctor.front.headers")));
    }
  }

  /// As large an access file as the console itself takes.
  private void upload() throws InterruptedException {
    String about = "uploads";
    try {
      int mostBytes = upload(1).path("mostBytes").asInt(0);
      JsonNode answer = upload(mostBytes);
      findings.add(
          mostBytes > 0 && answer.path("bytes").asInt(0) == mostBytes
              ? Finding.ok(about, Phrase.of("doctor.front.uploads", mostBytes >> 20))
              : Finding.problem(
                  about,
                  Phrase.of("doctor.front.uploads-cut", mostBytes >> 20),
                  advice(kind.upload)));
    } catch (IOException | JacksonException e) {
      findings.add(
          Finding.problem(about, Phrase.of("doctor.front.uploads-broken"), advice(kind.upload)));
    }
  }

  private JsonNode upload(int bytes) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        get(
            request("/upload")
                .header("Content-Type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[bytes])));
    return answer.statusCode() == 200
        ? JsonMapper.shared().readTree(answer.body())
        : JsonMapper.shared().createObjectNode();
  }

  /// 0 where there was no answer.
  private int status(HttpRequest.Builder request) throws InterruptedException {
    try {
      return get(request).statusCode();
    } catch (IOException e) {
      return 0;
    }
  }

  /// The first event must come while the stream is still open.
  private void events() throws InterruptedException {
    CompletableFuture<String> first =
        http.sendAsync(request("/events").build(), BodyHandlers.ofInputStream())
            .thenApplyAsync(response -> firstLine(response.body()));
    try {
      String line = first.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      findings.add(
          line.equals("data: first")
              ? Finding.ok("events", Phrase.of("doctor.front.events"))
              : Finding.problem(
                  "events", Phrase.of("doctor.front.events-broken"), advice(kind.events)));
    } catch (TimeoutException e) {
      findings.add(
          Finding.problem("events", Phrase.of("doctor.front.events-held"), advice(kind.events)));
    } catch (java.util.concurrent.ExecutionException e) {
      findings.add(
          Finding.problem("events", Phrase.of("doctor.front.events-broken"), advice(kind.events)));
    }
  }

  /// Terminals in browsers come by WebSocket, or else by events.
  private void sockets(JsonNode seen) throws InterruptedException {
    String about = "sockets";
    if (seen.path("way").asString("").equals("fastcgi")) {
      findings.add(Finding.ok(about, Phrase.of("doctor.front.sockets-fastcgi")));
      return;
    }
    CompletableFuture<String> first = new CompletableFuture<>();
    URI address = URI.create(check.toString().replaceFirst("^http", "ws") + "/socket");
    CompletableFuture<WebSocket> socket =
        http.newWebSocketBuilder()
            .connectTimeout(PATIENCE)
            .header("Origin", front.getScheme() + "://" + front.getAuthority())
            .buildAsync(address, new FirstWord(first));
    try {
      socket.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      String word = first.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      findings.add(
          word.equals("first")
              ? Finding.ok(about, Phrase.of("doctor.front.sockets"))
              : noSockets(about));
    } catch (TimeoutException | java.util.concurrent.ExecutionException e) {
      findings.add(noSockets(about));
    }
  }

  private Finding noSockets(String about) {
    return Finding.problem(about, Phrase.of("doctor.front.sockets-lost"), advice(kind.sockets));
  }

  /// Hands over the first text.
  private record FirstWord(CompletableFuture<String> word) implements WebSocket.Listener {
    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      word.complete(data.toString());
      socket.abort();
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      word.completeExceptionally(error);
    }
  }

  private static String firstLine(InputStream body) {
    try {
      String line =
          new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8)).readLine();
      return line == null ? "" : line;
    } catch (IOException e) {
      return "";
    }
  }

  /// People must get in while many others watch: each live view holds a place in the web server.
  private void workers() throws InterruptedException {
    List<CompletableFuture<HttpResponse<InputStream>>> open = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      HttpRequest stream = request("/events").version(HttpClient.Version.HTTP_1_1).build();
      open.add(http.sendAsync(stream, BodyHandlers.ofInputStream()));
    }
    try {
      CompletableFuture.allOf(open.toArray(CompletableFuture<?>[]::new))
          .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      int status = status(request("").version(HttpClient.Version.HTTP_1_1));
      findings.add(
          status == 200
              ? Finding.ok("workers", Phrase.of("doctor.front.workers", STREAMS))
              : tooFewWorkers());
    } catch (TimeoutException | java.util.concurrent.ExecutionException e) {
      findings.add(tooFewWorkers());
    } finally {
      open.forEach(each -> each.cancel(true));
    }
  }

  private Finding tooFewWorkers() {
    return Finding.problem(
        "workers", Phrase.of("doctor.front.workers-few", STREAMS), advice(kind.workers));
  }
}
