package org.ongsung.console.api;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.ongsung.console.http.Access;
import org.ongsung.console.http.ApiDoc;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.console.http.Json;
import org.ongsung.console.http.Reply;
import org.ongsung.console.http.RouteTable;
import org.ongsung.console.http.Surface;
import org.ongsung.gateway.via.Passage;
import org.ongsung.gateway.via.PassageConflictException;
import org.ongsung.gateway.via.PassageGoneException;
import org.ongsung.gateway.via.PassageRefusedException;
import org.ongsung.gateway.via.Passages;
import org.ongsung.model.Name;

/// The bytes of sessions that workers elsewhere carry.
///
/// Every request ends soon and has a length, so that it passes through whatever passes requests;
/// what there is to wait for is asked for again. Bytes are named by their place in the stream, so
/// that everything may be said twice. 410 means that a passage is over, 409 that bytes are missing.
public final class PassageApi {
  /// The most bytes of one request or answer, inclusive.
  public static final int PIECE_BYTES = 256 << 10;

  /// Says in an answer without bytes how the stream to the target ends: `finished` or `closed`.
  public static final String ENDING = "Ongsung-Ending";

  private static final int LONGEST_WAIT_SECONDS = 30;
  private static final int MAX_PROCESS_CHARACTERS = 64;
  private static final String OCTETS = "application/octet-stream";

  private final Passages passages;

  public PassageApi(Passages passages) {
    this.passages = passages;
  }

  /// Adds the routes.
  public void addTo(RouteTable.Builder routes) {
    String bytes = "/worker/passages/{id}/bytes";
    routes
        .api(
            "POST",
            "/worker/dials",
            Access.WORKER,
            ApiDoc.of(
                    "Ask for targets to connect to, and say which connections are held.",
                    "Held",
                    "Dials")
                .with("wait#: seconds to wait for one, 0 to " + LONGEST_WAIT_SECONDS),
            this::dials)
        .api(
            "POST",
            "/worker/passages/{id}/opened",
            Access.WORKER,
            ApiDoc.of("Say that the target is connected.", "PassageOpened", ""),
            this::opened)
        .api(
            "POST",
            "/worker/passages/{id}/refused",
            Access.WORKER,
            ApiDoc.of("Say why the target is not connected.", "PassageRefused", ""),
            this::refused)
        .api(
            "GET",
            bytes,
            Access.WORKER,
            ApiDoc.of("What is to go to the target; those before have gone there.", "", "")
                .with(
                    "process: as in the question for targets",
                    "from#: the place of the first byte",
                    "wait#: seconds to wait for some, 0 to " + LONGEST_WAIT_SECONDS)
                .as(OCTETS),
            this::take)
        .add(
            "POST",
            "/api/v1" + bytes,
            Surface.API,
            Access.WORKER,
            PIECE_BYTES,
            this::put,
            ApiDoc.of("What the target said: octets.", "", "PassageTaken")
                .with(
                    "process: as in the question for targets",
                    "from#: the place of the first byte",
                    "end: finished or reset, where the stream ends behind these bytes",
                    "wait#: seconds to wait for room, 0 to " + LONGEST_WAIT_SECONDS));
  }

  private Reply dials(Exchange exchange) throws IOException, InterruptedException {
    Duration wait = wait(exchange);
    Map<String, Object> body = exchange.json();
    Set<String> held = held(body);
    String process = process(body);
    Passages.Dials dials =
        exchange.rest(() -> passages.dials(worker(exchange), process, held, wait));
    return Json.ok(
        Map.of(
            "dials",
            dials.wanted().stream()
                .map(one -> Map.of("id", one.id(), "address", one.address().toString()))
                .toList(),
            "gone",
            dials.gone(),
            "resumeMillis",
            passages.limits().resume().toMillis()));
  }

  private static Set<String> held(Map<String, Object> body) {
    Set<String> held = new HashSet<>();
    if (body.get("held") instanceof List<?> given) {
      if (given.size() > Passages.MAX_HELD) {
        throw HttpProblem.badRequest("held: at most " + Passages.MAX_HELD);
      }
      given.forEach(id -> held.add(String.valueOf(id)));
    }
    return held;
  }

  private Reply opened(Exchange exchange) throws IOException {
    String process = process(exchange.json());
    return answering(
        () -> {
          passages.opened(worker(exchange), process, exchange.variable("id"));
          return Reply.noContent();
        });
  }

  private Reply refused(Exchange exchange) throws IOException {
    Map<String, Object> body = exchange.json();
    PassageRefusedException.Reason reason;
    try {
      reason = PassageRefusedException.Reason.of(String.valueOf(body.get("reason")));
    } catch (IllegalArgumentException e) {
      throw HttpProblem.badRequest("reason: why there is no connection");
    }
    String process = process(body);
    return answering(
        () -> {
          passages.refused(worker(exchange), process, exchange.variable("id"), reason);
          return Reply.noContent();
        });
  }

  private Reply take(Exchange exchange) throws IOException, InterruptedException {
    String process = process(exchange.query().first("process").orElse(""));
    long from = from(exchange);
    Duration wait = wait(exchange);
    Passage.Piece piece =
        exchange.rest(
            () ->
                answering(
                    () ->
                        passages.take(
                            worker(exchange),
                            process,
                            exchange.variable("id"),
                            from,
                            PIECE_BYTES,
                            wait)));
    Reply reply = new Reply.Body(200, OCTETS, piece.bytes(), Map.of());
    return piece.ending() == Passage.Ending.OPEN
        ? reply
        : reply.with(ENDING, piece.ending().name().toLowerCase(Locale.ROOT));
  }

  private Reply put(Exchange exchange) throws IOException, InterruptedException {
    String process = process(exchange.query().first("process").orElse(""));
    long from = from(exchange);
    Duration wait = wait(exchange);
    Passage.End end = Asked.one(exchange, "end", PassageApi::end);
    byte[] bytes = exchange.octets();
    long taken =
        exchange.rest(
            () ->
                answering(
                    () ->
                        passages.put(
                            worker(exchange),
                            process,
                            exchange.variable("id"),
                            from,
                            bytes,
                            end,
                            wait)));
    return Json.ok(Map.of("taken", taken));
  }

  private static Passage.End end(String text) {
    for (Passage.End end : Passage.End.values()) {
      if (end.name().toLowerCase(Locale.ROOT).equals(text)) {
        return end;
      }
    }
    throw new IllegalArgumentException("finished or reset");
  }

  private static Name worker(Exchange exchange) {
    return Name.of(exchange.caller().workerName());
  }

  private static Duration wait(Exchange exchange) {
    return Duration.ofSeconds(Asked.number(exchange, "wait", 0, 0, LONGEST_WAIT_SECONDS));
  }

  private static long from(Exchange exchange) {
    Long from = Asked.one(exchange, "from", Long::valueOf);
    if (from == null || from < 0) {
      throw HttpProblem.badRequest("from: the place of the first byte, from 0");
    }
    return from;
  }

  private static String process(Map<String, Object> body) {
    return process(body.get("process") instanceof String text ? text : "");
  }

  private static String process(String text) {
    if (text.isEmpty() || text.length() > MAX_PROCESS_CHARACTERS) {
      throw HttpProblem.badRequest("process: 1 to " + MAX_PROCESS_CHARACTERS + " characters");
    }
    return text;
  }

  /// A word of a worker's that may find its passage gone.
  @FunctionalInterface
  private interface Word<T> {
    T say() throws PassageGoneException, PassageConflictException, InterruptedException;
  }

  private static <T> T answering(Word<T> word) {
    try {
      return word.say();
    } catch (PassageGoneException e) {
      throw new HttpProblem(410, "gone", "that connection is over");
    } catch (PassageConflictException e) {
      throw new HttpProblem(409, "conflict", String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw HttpProblem.busy(503, "stopping", "the gateway stops", Duration.ofSeconds(1));
    }
  }
}
