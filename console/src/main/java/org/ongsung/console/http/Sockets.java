package org.ongsung.console.http;

import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.server.WebSocketMappings;
import org.eclipse.jetty.websocket.core.server.WebSocketNegotiator;

/// Turns requests that have been let in into WebSockets (RFC 6455), by HTTP/1.1 alone. Nothing is
/// compressed: what a person types must not show by its length.
public final class Sockets {
  /// The longest message from a browser, in bytes, inclusive.
  static final int MAX_MESSAGE_BYTES = 65_536;

  /// How long nothing at all may pass.
  private static final Duration IDLE = Duration.ofSeconds(60);

  private final WebSocketMappings mappings;

  /// @param components started and stopped by the server
  public Sockets(WebSocketComponents components) {
    this.mappings = new WebSocketMappings(components);
  }

  /// Answers with a socket.
  ///
  /// @throws HttpProblem 426 when the request does not ask for one
  void upgrade(Request request, Response response, Callback callback, SocketHandler handler) {
    WebSocketNegotiator negotiator =
        (_, answer, _) -> {
          answer.setExtensions(List.of());
          return new SocketEnd(handler);
        };
    boolean asked =
        mappings.upgrade(
            negotiator,
            request,
            response,
            callback,
            configuration -> {
              configuration.setAutoFragment(false);
              configuration.setMaxFrameSize(MAX_MESSAGE_BYTES);
              configuration.setMaxBinaryMessageSize(MAX_MESSAGE_BYTES);
              configuration.setMaxTextMessageSize(MAX_MESSAGE_BYTES);
              configuration.setIdleTimeout(IDLE);
            });
    if (!asked) {
      throw noSocket();
    }
  }

  /// Whether the request asks for a WebSocket at all.
  static boolean isAsked(Request request) {
    return "websocket".equalsIgnoreCase(request.getHeaders().get(HttpHeader.UPGRADE));
  }

  static HttpProblem noSocket() {
    return new HttpProblem(426, "upgrade-required", "this address speaks WebSocket alone");
  }
}
