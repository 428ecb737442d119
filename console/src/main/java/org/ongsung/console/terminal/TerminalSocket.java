package org.ongsung.console.terminal;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.console.http.Json;
import org.ongsung.console.http.SocketHandler;
import org.ongsung.console.http.SocketLine;

/// A terminal by WebSocket. Binary messages are bytes shown and bytes typed; text messages are
/// JSON: down the state, up `{"size":[columns,rows]}` and `{"seen":bytes}`.
public final class TerminalSocket implements SocketHandler {
  /// The same person opened the terminal elsewhere.
  static final int CODE_ELSEWHERE = 4_001;

  /// The login is over, or the gateway stops.
  static final int CODE_LET_GO = 4_002;

  private final BrowserTerminal terminal;
  private final long from;
  private final BooleanSupplier welcome;

  /// @param from what the browser has seen of the output
  /// @param welcome whether the browser may stay
  public TerminalSocket(BrowserTerminal terminal, long from, BooleanSupplier welcome) {
    this.terminal = terminal;
    this.from = from;
    this.welcome = welcome;
  }

  @Override
  public void opened(SocketLine line) throws IOException, InterruptedException {
    TerminalWire wire =
        new TerminalWire() {
          @Override
          public void output(byte[] bytes) throws IOException, InterruptedException {
            line.binary(bytes);
          }

          @Override
          public void state(String json) throws IOException, InterruptedException {
            line.text(json);
          }

          @Override
          public void beat() throws IOException, InterruptedException {
            line.ping();
            line.text("{}"); // which a script sees, and a ping it does not
          }
        };
    switch (terminal.carry(from, wire, welcome)) {
      case OVER -> {}
      case ELSEWHERE -> line.endsWith(CODE_ELSEWHERE);
      case LET_GO -> line.endsWith(CODE_LET_GO);
    }
  }

  @Override
  public void binary(byte[] message) {
    terminal.typed(message);
  }

  @Override
  public void text(String message) {
    if (!(Json.parse(message) instanceof Map<?, ?> said)) {
      throw HttpProblem.badRequest("send JSON objects");
    }
    if (said.get("seen") instanceof Number seen) {
      terminal.seen(seen.longValue());
    }
    if (said.get("size") instanceof List<?> size
        && size.size() == 2
        && size.getFirst() instanceof Integer columns
        && size.getLast() instanceof Integer rows) {
      terminal.resized(columns, rows);
    }
  }

  @Override
  public void closed() {
    // The terminal waits for the browser to come back.
  }
}
