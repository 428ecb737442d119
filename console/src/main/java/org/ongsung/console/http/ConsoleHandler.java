package org.ongsung.console.http;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.ongsung.audit.LedgerUnavailableException;
import org.ongsung.directory.DirectoryRuleException;
import org.ongsung.directory.DirectoryUnavailableException;
import org.ongsung.jobs.JobRefusedException;
import org.ongsung.jobs.JobsUnavailableException;
import org.ongsung.model.Network;
import org.ongsung.policy.PasswordsBusyException;
import org.ongsung.policy.Tokens;
import org.ongsung.policy.TokensUnavailableException;
import org.ongsung.recording.RecordUnavailableException;
import org.ongsung.transcript.line.TranscriptUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The top-level flow of one HTTP request: find the route, let the caller in, act, answer. Runs on
/// a virtual thread from end to end.
///
/// Errors: an [HttpProblem] and a broken rule are told as they are; anything else is a 500 with an
/// id under which the log has the cause, and nothing more.
public final class ConsoleHandler extends Handler.Abstract {
  private static final Logger LOG = LoggerFactory.getLogger(ConsoleHandler.class);
  private static final int GZIP_FROM_BYTES = 1_400;
  private static final HttpField NOT_STORED =
      new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, "no-store");
  private static final Duration PASSWORDS_RETRY = Duration.ofSeconds(5);
  private static final Duration STORE_RETRY = Duration.ofSeconds(5);

  private final BasePath base;
  private final Doorkeeper doorkeeper;
  private final ProblemPages problemPages;
  private final RequestMeter meter;
  private final Door door;
  private final Door workerDoor;
  private final Predicate<String> isWorkers;
  private final Sockets sockets;

  /// @param isWorkers whether a token is a worker's, by its SHA-256
  public ConsoleHandler(
      BasePath base,
      List<Network> fronts,
      RouteTable routes,
      Callers callers,
      Owners owners,
      ProblemPages problemPages,
      RequestMeter meter,
      boolean alwaysSecure,
      BooleanSupplier stopping,
      Door door,
      Door workerDoor,
      Predicate<String> isWorkers,
      Sockets sockets) {
    this.base = base;
    this.isWorkers = isWorkers;
    this.sockets = sockets;
    this.door = door;
    this.workerDoor = workerDoor;
    this.doorkeeper =
        new Doorkeeper(base, new Clients(fronts), routes, callers, owners, alwaysSecure, stopping);
    this.problemPages = problemPages;
    this.meter = meter;
  }

  /// What asks this console itself on nobody's account.
  public OwnRequests own() {
    return doorkeeper.own();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    long start = request.getBeginNanoTime();
    RouteTable.Match match = null;
    try {
      if (base.isDoorstep(CanonicalPath.of(request.getHttpURI()))) {
        send(request, response, Surface.PAGE, Reply.seeOther("/"));
      } else {
        match = doorkeeper.find(request);
        Reply reply = answer(request, match);
        if (reply instanceof Reply.Upgrade(SocketHandler socket)) {
          sockets.upgrade(request, response, callback, socket);
          served(match, response, start);
          return true;
        }
        send(request, response, match.route().surface(), reply);
      }
      callback.succeeded();
    } catch (Exception e) {
      fail(request, response, callback, match == null ? null : match.route(), e);
    }
    if (match != null) {
      served(match, response, start);
    }
    return true;
  }

  private void served(RouteTable.Match match, Response response, long start) {
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    meter.served(match.route(), response.getStatus(), took);
  }

  private Reply answer(Request request, RouteTable.Match match)
      throws IOException, InterruptedException {
    if (passesTheDoor(request, match.route())) {
      return answer(request, match, Place.NONE);
    }
    boolean worker = isWorker(request, match.route());
    try (Door.Visit visit = worker ? workerDoor.enter() : door.enter()) {
      return answer(request, match, visit);
    }
  }

  /// Workers have a door of their own, which nobody else's requests can fill: a stranger who knocks
  /// there without the token of one goes through the door of the people.
  private boolean isWorker(Request request, Route route) {
    String sent = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    if (route.access() != Access.WORKER || sent == null || !sent.startsWith("Bearer ")) {
      return false;
    }
    String token = sent.substring("Bearer ".length()).strip();
    return token.length() <= Tokens.MAX_CHARACTERS && isWorkers.test(Tokens.sha256(token));
  }

  /// What costs nothing that others wait for; and whoever measures wants to hear of a full door,
  /// but who they are is asked of the database where they say so.
  private static boolean passesTheDoor(Request request, Route route) {
    return route.surface() == Surface.ASSET
        || (route.access() == Access.METRICS
            && !request.getHeaders().contains(HttpHeader.AUTHORIZATION)
            && !request.getHeaders().contains(HttpHeader.COOKIE));
  }

  private Reply answer(Request request, RouteTable.Match match, Place place)
      throws IOException, InterruptedException {
    Exchange exchange = doorkeeper.admit(request, match, place);
    Reply reply = exchange.handle();
    Optional<String> made = exchange.formProof().made();
    return made.isPresent() && match.route().surface() == Surface.PAGE
        ? reply.withCookie(
            Cookies.set(Cookies.FORM, made.get(), Duration.ZERO, exchange.cookieScope()))
        : reply;
  }

  private void fail(
      Request request,
      Response response,
      Callback callback,
      @Nullable Route route,
      Exception thrown) {
    if (response.isCommitted()) {
      LOG.debug("{} broke off", request.getHttpURI().getPath(), thrown);
      callback.failed(thrown);
      return;
    }
    response.reset();
    String id = TraceId.next();
    HttpProblem problem = problemOf(thrown, request, id);
    try {
      Surface surface = surfaceOf(route, request);
      Reply reply = replyTo(problem, id, surface, request);
      Optional<String> retry = problem.retryAfterSeconds();
      send(
          request,
          response,
          surface,
          retry.isEmpty() ? reply : reply.with("Retry-After", retry.get()));
      callback.succeeded();
    } catch (IOException | InterruptedException | RuntimeException e) {
      LOG.debug("an error could not be told", e);
      callback.failed(e);
    }
  }

  private static HttpProblem problemOf(JobRefusedException refused) {
    String line = String.valueOf(refused.getMessage());
    return switch (refused.reason()) {
      case FULL -> HttpProblem.busy(503, "too-busy", line, STORE_RETRY);
      case KEY_IN_USE -> new HttpProblem(409, "conflict", line);
      case TIME, KIND -> new HttpProblem(422, "rule-broken", line);
      case MISSING -> HttpProblem.notFound();
    };
  }

  private static HttpProblem problemOf(Exception thrown, Request request, String id) {
    return switch (thrown) {
      case HttpProblem problem -> problem;
      case DirectoryRuleException broken -> HttpProblem.ruleBroken(broken.problems());
      case JobRefusedException refused -> problemOf(refused);
      case PasswordsBusyException _ -> HttpProblem.passwordsBusy(PASSWORDS_RETRY);
      case LedgerUnavailableException unavailable -> {
        LOG.error("[{}] not done, because the ledger cannot be written", id, unavailable);
        yield new HttpProblem(
            503, "ledger-unavailable", "the ledger cannot be written, so nothing was done");
      }
      case DirectoryUnavailableException _,
          TokensUnavailableException _,
          RecordUnavailableException _,
          TranscriptUnavailableException _,
          JobsUnavailableException _ -> {
        LOG.error("[{}] {} not answered", id, request.getMethod(), thrown);
        yield HttpProblem.busy(
            503,
            "store-unavailable",
            "the database or the recordings cannot be reached at this moment",
            STORE_RETRY);
      }
      default -> {
        LOG.error("[{}] {} failed", id, request.getMethod(), thrown);
        yield new HttpProblem(500, "internal", "something went wrong inside");
      }
    };
  }

  private Surface surfaceOf(@Nullable Route route, Request request) {
    if (route != null) {
      return route.surface() == Surface.PLAYER_PAGE ? Surface.PAGE : route.surface();
    }
    String path = request.getHttpURI().getPath();
    return path != null && path.startsWith(base.address("/api/")) ? Surface.API : Surface.PAGE;
  }

  private Reply replyTo(HttpProblem problem, String id, Surface surface, Request request) {
    if (surface != Surface.PAGE) {
      return Reply.json(problem.status(), Json.write(Map.of("error", error(problem, id))));
    }
    if (problem.status() == 401) {
      String next = FromOutside.pathAndQuery(request, base);
      boolean reading = request.getMethod().equals("GET") && !next.equals("/");
      return Reply.seeOther(
          reading ? "/login?next=" + URLEncoder.encode(next, StandardCharsets.UTF_8) : "/login");
    }
    String accept = request.getHeaders().get(HttpHeader.ACCEPT_LANGUAGE);
    String language =
        request.getAttribute(Doorkeeper.LANGUAGE) instanceof String chosen
            ? chosen
            : FromOutside.cookie(request, Cookies.LANGUAGE).orElse("");
    return Reply.html(
        problem.status(), problemPages.render(problem, id, accept == null ? "" : accept, language));
  }

  private static Map<String, Object> error(HttpProblem problem, String id) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("code", problem.code());
    error.put("message", String.join("\n", problem.lines()));
    error.put("id", id);
    if (problem.lines().size() > 1) {
      error.put("problems", List.copyOf(problem.lines()));
    }
    return error;
  }

  private void send(Request request, Response response, Surface surface, Reply reply)
      throws IOException, InterruptedException {
    response.setStatus(reply.status());
    var headers = response.getHeaders();
    SecurityHeaders.of(surface).forEach(headers::put);
    if (surface != Surface.ASSET) {
      headers.put(NOT_STORED);
    }
    reply
        .headers()
        .forEach(
            (name, value) -> {
              if (name.equals(StyleNonce.HEADER)) {
                headers.put(name, value);
                return;
              }
              for (String line : value.split("\n", -1)) {
                headers.add(name, name.equals("Location") ? base.address(line) : line);
              }
            });
    switch (reply) {
      case Reply.Body body -> sendBody(request, response, body);
      case Reply.Upgrade _ -> throw new IllegalStateException("a socket is no answer");
      case Reply.Stream stream -> {
        headers.put(HttpHeader.CONTENT_TYPE, stream.contentType());
        headers.put("X-Accel-Buffering", "no");
        if (!request.getMethod().equals("HEAD")) {
          OutputStream out = Content.Sink.asOutputStream(response);
          stream.writer().writeTo(out);
        }
      }
    }
  }

  private static void sendBody(Request request, Response response, Reply.Body body)
      throws IOException {
    var headers = response.getHeaders();
    byte[] bytes = body.bytes();
    if (!body.contentType().isEmpty()) {
      headers.put(HttpHeader.CONTENT_TYPE, body.contentType());
    }
    if (!headers.contains(HttpHeader.CONTENT_ENCODING) && isText(body.contentType())) {
      headers.put(HttpHeader.VARY, "Accept-Encoding");
      boolean small = bytes.length < GZIP_FROM_BYTES;
      boolean chosen = headers.contains(HttpHeader.ETAG); // names the bytes as they are
      if (!small && !chosen && Codings.takesGzip(accepted(request))) {
        bytes = Gzip.compress(bytes);
        headers.put(HttpHeader.CONTENT_ENCODING, "gzip");
      }
    }
    if (body.status() != 204 && body.status() != 304) {
      headers.put(HttpHeader.CONTENT_LENGTH, Integer.toString(bytes.length));
    }
    if (!request.getMethod().equals("HEAD") && bytes.length > 0) {
      Content.Sink.write(response, true, ByteBuffer.wrap(bytes));
    }
  }

  private static @Nullable String accepted(Request request) {
    return request.getHeaders().get(HttpHeader.ACCEPT_ENCODING);
  }

  private static boolean isText(String contentType) {
    return contentType.startsWith("text/")
        || contentType.startsWith("application/json")
        || contentType.startsWith("image/svg");
  }
}
