package org.ongsung.console.api;

import java.io.IOException;
import java.util.Base64;
import java.util.Map;
import org.ongsung.console.http.Access;
import org.ongsung.console.http.ApiDoc;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.console.http.Json;
import org.ongsung.console.http.Reply;
import org.ongsung.console.http.RouteTable;
import org.ongsung.console.http.Surface;
import org.ongsung.console.terminal.BrowserTerminal;
import org.ongsung.console.terminal.BrowserTerminals;
import org.ongsung.console.terminal.TerminalEvents;
import org.ongsung.console.terminal.TerminalSocket;
import org.ongsung.console.text.Language;
import org.ongsung.policy.AccessRequest;
import org.ongsung.policy.AuthenticatedUser;

/// Terminals for scripts of our pages: opened by a post, then carried by a WebSocket, or by
/// server-sent events and posts. Only one's own are there.
public final class TerminalApi {
  private static final String ONE = "/me/terminals/{id}";

  private final BrowserTerminals terminals;

  public TerminalApi(BrowserTerminals terminals) {
    this.terminals = terminals;
  }

  /// Adds the routes.
  public void addTo(RouteTable.Builder routes) {
    routes
        .api(
            "POST",
            "/me/terminals",
            Access.USER,
            ApiDoc.of(
                "Open a terminal on an account that the caller may use the shell of.",
                "NewTerminal",
                "Terminal"),
            this::open)
        .api(
            "GET",
            ONE + "/events",
            Access.USER,
            ApiDoc.of(
                    "What a terminal of the caller's shows, as server-sent events: output in"
                        + " base64, state in JSON.",
                    "",
                    "")
                .with("from#: which byte of the output to begin with")
                .as("text/event-stream"),
            this::events)
        .api(
            "POST",
            ONE + "/input",
            Access.USER,
            ApiDoc.of(
                "Type into a terminal of the caller's, or tell it the window's size.",
                "TerminalInput",
                ""),
            this::input)
        .api(
            "DELETE",
            ONE,
            Access.USER,
            ApiDoc.of("Leave a terminal of the caller's.", "", ""),
            this::leave)
        .add(
            "GET", "/api/v1" + ONE + "/socket", Surface.SOCKET, Access.USER, 0, this::socket, null);
  }

  private BrowserTerminal own(Exchange exchange) {
    return terminals.own(exchange.caller().userName(), exchange.variable("id"));
  }

  private Reply open(Exchange exchange) throws IOException {
    Map<String, Object> body = exchange.json();
    AuthenticatedUser user = exchange.caller().user();
    if (user == null) {
      throw HttpProblem.notFound();
    }
    BrowserTerminals.Wish wish =
        new BrowserTerminals.Wish(
            new AccessRequest(
                Asked.text(body, "target"), Asked.optionalText(body, "account").orElse(null)),
            number(body, "columns"),
            number(body, "rows"),
            language(exchange).locale(),
            String.valueOf(exchange.header("User-Agent")));
    return Json.ok(Map.of("id", terminals.open(user, wish).id()));
  }

  private static Language language(Exchange exchange) {
    String accept = exchange.header("Accept-Language");
    return Language.of(exchange.chosenLanguage(), accept == null ? "" : accept);
  }

  private static int number(Map<String, Object> body, String field) {
    return switch (body.get(field)) {
      case null -> 0;
      case Integer number -> number;
      default -> throw HttpProblem.badRequest(field + " is a number");
    };
  }

  private static long from(Exchange exchange) {
    Long from = Asked.one(exchange, "from", Long::valueOf);
    return from == null ? 0 : from;
  }

  private Reply socket(Exchange exchange) {
    return new Reply.Upgrade(
        new TerminalSocket(own(exchange), from(exchange), exchange::stillWelcome));
  }

  private Reply events(Exchange exchange) {
    return Reply.stream(
        "text/event-stream",
        new TerminalEvents(own(exchange), from(exchange), exchange::stillWelcome));
  }

  private Reply input(Exchange exchange) throws IOException {
    BrowserTerminal terminal = own(exchange);
    Map<String, Object> body = exchange.json();
    if (body.get("seen") instanceof Number seen) {
      terminal.seen(seen.longValue());
    }
    if (body.containsKey("columns") && body.containsKey("rows")) {
      terminal.resized(number(body, "columns"), number(body, "rows"));
    }
    String typed = Asked.optionalText(body, "typed").orElse("");
    if (!typed.isEmpty()) {
      Number at = body.get("at") instanceof Number number ? number : -1;
      terminal.typed(at.longValue(), bytes(typed));
    }
    return Reply.noContent();
  }

  private static byte[] bytes(String typed) {
    try {
      byte[] bytes = Base64.getDecoder().decode(typed);
      if (bytes.length > BrowserTerminal.MAX_UNTAKEN_BYTES) {
        throw new HttpProblem(413, "too-large", "type less at once");
      }
      return bytes;
    } catch (IllegalArgumentException e) {
      throw HttpProblem.badRequest("typed is base64");
    }
  }

  private Reply leave(Exchange exchange) {
    own(exchange).leave();
    return Reply.noContent();
  }
}
