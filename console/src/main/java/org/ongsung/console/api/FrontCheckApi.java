package org.ongsung.console.api;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.ongsung.console.http.Access;
import org.ongsung.console.http.ApiDoc;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.console.http.Json;
import org.ongsung.console.http.Reply;
import org.ongsung.console.http.RouteTable;
import org.ongsung.console.http.SocketHandler;
import org.ongsung.console.http.SocketLine;
import org.ongsung.console.http.Surface;
import org.ongsung.console.services.StreamPlaces;

/// What `ongsung doctor --behind` asks through a front server: how a request looks when it has come
/// through, whether events come at once, whether long headers and large uploads fit.
///
/// A check is begun by an administrator at the listener itself and named by a ticket that cannot be
/// guessed and holds for two minutes, so that no token goes the way that is looked at, and the
/// answers prove that the address leads to this very gateway. Without a ticket nothing is here.
public final class FrontCheckApi {
  private static final String ROOT = "/front-checks";
  private static final Duration HOLDS = Duration.ofMinutes(2);
  private static final Duration STREAM = Duration.ofSeconds(30);
  private static final int MAX_CHECKS = 16;
  private static final int PADDING_LINES = 2;
  private static final int PADDING_CHARACTERS = 6_000;

  private final StreamPlaces places;
  private final int uploadBytes;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Check> checks = new ConcurrentHashMap<>();

  /// One check; its streams end when it is released.
  private record Check(Instant until, CountDownLatch released) {}

  /// @param uploadBytes the largest body that a front server ought to let through, inclusive
  public FrontCheckApi(StreamPlaces places, int uploadBytes, InstantSource clock) {
    this.places = places;
    this.uploadBytes = uploadBytes;
    this.clock = clock;
  }

  /// Adds the routes.
  public void addTo(RouteTable.Builder routes) {
    String one = ROOT + "/{ticket}";
    routes
        .api(
            "POST",
            ROOT,
            Access.ADMIN,
            ApiDoc.of(
                "Begin to look at a front server; the ticket holds for minutes.", "", "FrontCheck"),
            _ -> begin())
        .api(
            "GET",
            one,
            Access.PUBLIC,
            ApiDoc.of("How this request looks once it has come in.", "", "FrontSeen"),
            this::seen)
        .api(
            "GET",
            one + "/headers",
            Access.PUBLIC,
            ApiDoc.of("The same, with 12 KB of header fields.", "", "FrontSeen"),
            this::headers)
        .api(
            "GET",
            one + "/events",
            Access.PUBLIC,
            ApiDoc.of("An event at once, and one more at the release.", "", "")
                .as("text/event-stream"),
            this::events)
        .add(
            "GET",
            "/api/v1" + one + "/socket",
            Surface.SOCKET,
            Access.PUBLIC,
            0,
            this::socket,
            null)
        .add(
            "POST",
            "/api/v1" + one + "/upload",
            Surface.API,
            Access.PUBLIC,
            uploadBytes,
            this::upload,
            ApiDoc.of(
                "How much of this request's body came in; all of the largest ought to.",
                "",
                "FrontUpload"))
        .api(
            "POST",
            one + "/release",
            Access.PUBLIC,
            ApiDoc.of("End the events.", "", ""),
            this::release);
  }

  private Reply begin() {
    checks.values().removeIf(this::isOver);
    if (checks.size() >= MAX_CHECKS) {
      throw HttpProblem.busy(503, "too-busy", "too many checks at once", HOLDS);
    }
    byte[] bytes = new byte[20];
    random.nextBytes(bytes);
    String ticket = HexFormat.of().formatHex(bytes);
    checks.put(ticket, new Check(clock.instant().plus(HOLDS), new CountDownLatch(1)));
    return Json.ok(Map.of("ticket", ticket));
  }

  /// A released one takes nobody's place any more.
  private boolean isOver(Check check) {
    return check.released().getCount() == 0 || check.until().isBefore(clock.instant());
  }

  private Check check(Exchange exchange) {
    Check check = checks.get(exchange.variable("ticket"));
    if (check == null || check.until().isBefore(clock.instant())) {
      throw HttpProblem.notFound();
    }
    return check;
  }

  private Reply seen(Exchange exchange) {
    check(exchange);
    return Json.ok(exchange.provenance());
  }

  private Reply headers(Exchange exchange) {
    check(exchange);
    Reply reply = Json.ok(exchange.provenance());
    for (int line = 1; line <= PADDING_LINES; line++) {
      reply = reply.with("X-Padding-" + line, "x".repeat(PADDING_CHARACTERS));
    }
    return reply;
  }

  private Reply upload(Exchange exchange) throws IOException {
    check(exchange);
    return Json.ok(Map.of("bytes", exchange.swallow(), "mostBytes", uploadBytes));
  }

  private Reply socket(Exchange exchange) {
    check(exchange);
    return new Reply.Upgrade(new OneWord());
  }

  /// Says one word.
  private static final class OneWord implements SocketHandler {
    @Override
    public void opened(SocketLine line) throws IOException, InterruptedException {
      line.text("first");
    }

    @Override
    public void binary(byte[] message) {
      throw HttpProblem.badRequest("nobody listens here");
    }

    @Override
    public void text(String message) {
      throw HttpProblem.badRequest("nobody listens here");
    }

    @Override
    public void closed() {
      // It has said its word.
    }
  }

  private Reply release(Exchange exchange) {
    check(exchange).released().countDown();
    return Reply.noContent();
  }

  private Reply events(Exchange exchange) {
    Check check = check(exchange);
    return Reply.stream("text/event-stream", places.holding(out -> write(check, out)));
  }

  private static void write(Check check, OutputStream out)
      throws IOException, InterruptedException {
    event(out, "first");
    boolean released = check.released().await(STREAM.toMillis(), TimeUnit.MILLISECONDS);
    event(out, released ? "released" : "late");
  }

  private static void event(OutputStream out, String data) throws IOException {
    out.write(("data: " + data + "\n\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }
}
