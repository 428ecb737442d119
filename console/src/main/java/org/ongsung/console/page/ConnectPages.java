package org.ongsung.console.page;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ongsung.console.http.Access;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.Reply;
import org.ongsung.console.http.RouteTable;
import org.ongsung.console.services.Reachable;

/// *Connect*: asks the system for a connection and for its answer, as anybody would who uses the
/// API, while the person waits.
public final class ConnectPages {
  private static final String CONNECTIONS = "/api/v1/me/connections";

  private static final String TUNNELS = "/api/v1/me/tunnels";

  private final Pages pages;
  private final boolean ports;

  /// @param ports whether there are one-time ports
  public ConnectPages(Pages pages, boolean ports) {
    this.pages = pages;
    this.ports = ports;
  }

  /// Adds the routes.
  public void addTo(RouteTable.Builder routes) {
    routes.form("/connect", Access.USER, this::connect);
    routes.form("/connect/port", Access.USER, this::port);
  }

  private Reply port(Exchange exchange) throws IOException, InterruptedException {
    String target = exchange.form().first("target").orElse("");
    String account = exchange.form().first("account").orElse("");
    String protocol = exchange.form().first("protocol").orElse("telnet");
    Map<String, Object> opened =
        exchange.ask(
            "POST", TUNNELS, Map.of("target", target, "account", account, "protocol", protocol));
    return pages.show(
        exchange,
        "port",
        Map.of(
            "target", target,
            "account", account,
            "protocol", text(opened, "protocol"),
            "url", text(opened, "url"),
            "until", Instant.parse(text(opened, "until")),
            "commands",
                List.of(
                    new Reachable.Command(
                        text(opened, "protocol"), text(opened, "command"), "cmd-port"))));
  }

  private Reply connect(Exchange exchange) throws IOException, InterruptedException {
    return show(
        exchange,
        exchange.form().first("target").orElse(""),
        exchange.form().first("account").orElse(""));
  }

  /// Has a worker look for the way, and shows it.
  Reply show(Exchange exchange, String target, String account)
      throws IOException, InterruptedException {
    Map<String, Object> asked =
        exchange.ask("POST", CONNECTIONS, Map.of("target", target, "account", account));
    Map<String, Object> answer =
        exchange.ask("GET", CONNECTIONS + "/" + asked.get("id") + "?wait=true", Map.of());
    return pages.show(
        exchange,
        "connect",
        Map.of(
            "target",
            target,
            "account",
            account,
            "state",
            state(answer),
            "ports",
            ports,
            "terminal",
            Boolean.TRUE.equals(answer.get("terminal")),
            "fingerprint",
            text(answer, "fingerprint"),
            "commands",
            commands(answer)));
  }

  /// A target that proves no key has none to show.
  private static String state(Map<String, Object> answer) {
    String state = text(answer, "state");
    return state.equals("ready") && text(answer, "fingerprint").isEmpty() ? "answers" : state;
  }

  private static String text(Map<String, Object> answer, String key) {
    return String.valueOf(answer.getOrDefault(key, ""));
  }

  private static List<Reachable.Command> commands(Map<String, Object> answer) {
    List<Reachable.Command> commands = new ArrayList<>();
    if (answer.get("commands") instanceof Map<?, ?> lines) {
      lines.forEach(
          (program, line) ->
              commands.add(
                  new Reachable.Command(
                      String.valueOf(program), String.valueOf(line), "cmd-" + program)));
    }
    return commands;
  }
}
