package org.ongsung.console.terminal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.BooleanSupplier;
import org.ongsung.console.http.Reply;

/// A terminal by server-sent events (WHATWG HTML section 9.2), where a WebSocket does not pass:
/// `output` in base64, `state` in JSON, and at the end `elsewhere` or `let-go`. What is typed comes
/// by posts.
public final class TerminalEvents implements Reply.Writer {
  private final BrowserTerminal terminal;
  private final long from;
  private final BooleanSupplier welcome;

  /// @param from what the browser has seen of the output
  /// @param welcome whether the browser may stay
  public TerminalEvents(BrowserTerminal terminal, long from, BooleanSupplier welcome) {
    this.terminal = terminal;
    this.from = from;
    this.welcome = welcome;
  }

  @Override
  public void writeTo(OutputStream out) throws IOException, InterruptedException {
    TerminalWire wire =
        new TerminalWire() {
          @Override
          public void output(byte[] bytes) throws IOException {
            event(out, "output", Base64.getEncoder().encodeToString(bytes));
          }

          @Override
          public void state(String json) throws IOException {
            event(out, "state", json);
          }

          @Override
          public void beat() throws IOException {
            event(out, "beat", "{}"); // which a script sees, and a comment it does not
          }
        };
    switch (terminal.carry(from, wire, welcome)) {
      case OVER -> {}
      case ELSEWHERE -> event(out, "elsewhere", "{}");
      case LET_GO -> event(out, "let-go", "{}");
    }
  }

  private static void event(OutputStream out, String name, String data) throws IOException {
    out.write(("event: " + name + "\ndata: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
  }
}
