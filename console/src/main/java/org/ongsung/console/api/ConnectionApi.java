package org.ongsung.console.api;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ongsung.console.http.Access;
import org.ongsung.console.http.ApiDoc;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.console.http.Json;
import org.ongsung.console.http.Reply;
import org.ongsung.console.http.RouteTable;
import org.ongsung.console.services.Connecting;
import org.ongsung.console.services.ConsoleSettings;
import org.ongsung.console.services.Reachable;
import org.ongsung.gateway.terminal.Tunnels;
import org.ongsung.jobs.Job;
import org.ongsung.jobs.JobParameters;
import org.ongsung.jobs.JobResult;
import org.ongsung.model.Capability;
import org.ongsung.model.Name;
import org.ongsung.model.Protocol;
import org.ongsung.policy.AccessRequest;
import org.ongsung.policy.AuthenticatedUser;

/// Connecting to a target: a worker looks whether and how it can be reached, and the person is told
/// what to type. Only one's own are there.
public final class ConnectionApi {
  private static final Duration RETRY = Duration.ofSeconds(30);

  private final Connecting connecting;
  private final Map<Protocol, Tunnels> tunnels;
  private final ConsoleSettings settings;

  /// @param tunnels one-time ports, by what people come with
  public ConnectionApi(
      Connecting connecting, Map<Protocol, Tunnels> tunnels, ConsoleSettings settings) {
    this.connecting = connecting;
    this.tunnels = Map.copyOf(tunnels);
    this.settings = settings;
  }

  /// Adds the routes.
  public void addTo(RouteTable.Builder routes) {
    routes
        .api(
            "POST",
            "/me/connections",
            Access.USER,
            ApiDoc.of(
                "Have a worker find the way to an account that the caller may reach.",
                "NewConnection",
                "Connection"),
            this::ask)
        .api(
            "GET",
            "/me/connections/{id}",
            Access.USER,
            ApiDoc.of("One of the caller's own connections.", "", "Connection")
                .with("wait!: whether to wait for the answer, at most 20 seconds"),
            this::one)
        .api(
            "POST",
            "/me/tunnels",
            Access.USER,
            ApiDoc.of(
                "Open a one-time port for the caller's Telnet or SSH client, from the address that"
                    + " the caller comes from, for a short time.",
                "NewTunnel",
                "Tunnel"),
            this::tunnel);
  }

  private Reply tunnel(Exchange exchange) throws IOException {
    Map<String, Object> body = exchange.json();
    Name target = name(Asked.text(body, "target"));
    Name account = name(Asked.text(body, "account"));
    connecting.way(exchange.caller(), target, account); // 404 unless it is for them
    AuthenticatedUser user = exchange.caller().user();
    Protocol protocol =
        switch (Asked.optionalText(body, "protocol").orElse("telnet")) {
          case "telnet" -> Protocol.TELNET;
          case "ssh" -> Protocol.SSH;
          default -> throw HttpProblem.badRequest("protocol is telnet or ssh");
        };
    Tunnels ports = tunnels.get(protocol);
    if (user == null || ports == null) {
      throw new HttpProblem(409, "no-tunnels", "this gateway has no one-time ports");
    }
    Tunnels.Tunnel opened =
        ports
            .open(user, new AccessRequest(target.value(), account.value()))
            .orElseThrow(
                () ->
                    HttpProblem.busy(
                        503,
                        "no-port",
                        "no one-time port is free for you, or your address may not come by Telnet"
                            + " in the clear",
                        RETRY));
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("target", target.value());
    answer.put("account", account.value());
    answer.put("protocol", protocol.text());
    answer.put("host", opened.host());
    answer.put("port", opened.port());
    answer.put("until", opened.until().toString());
    String host = opened.host();
    String at = (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + opened.port();
    if (protocol == Protocol.SSH) {
      answer.put("login", opened.login());
      answer.put("url", "ssh://" + opened.login() + "@" + at);
      answer.put("command", ssh(opened));
    } else {
      answer.put("url", "telnet://" + at);
      answer.put("command", "telnet " + host + " " + opened.port());
    }
    return Json.ok(answer);
  }

  /// Has the client look for the host key where it knows it, under the gateway's usual port.
  private String ssh(Tunnels.Tunnel opened) {
    String usual =
        settings.sshPort() == 22
            ? settings.sshHost()
            : "[" + settings.sshHost() + "]:" + settings.sshPort();
    return "ssh -o 'HostKeyAlias="
        + usual
        + "' -p "
        + opened.port()
        + " "
        + opened.login()
        + "@"
        + opened.host();
  }

  private Reply ask(Exchange exchange) throws IOException {
    Map<String, Object> body = exchange.json();
    Name target = name(Asked.text(body, "target"));
    Name account = name(Asked.text(body, "account"));
    return answer(exchange, connecting.ask(exchange.caller(), target, account));
  }

  /// What cannot be a name is nothing that there is.
  private static Name name(String text) {
    if (!Name.isValid(text)) {
      throw HttpProblem.notFound();
    }
    return Name.of(text);
  }

  private Reply one(Exchange exchange) throws IOException, InterruptedException {
    Job job = connecting.own(exchange.caller(), exchange.variable("id"));
    boolean wait = exchange.query().first("wait").orElse("").equals("true");
    return answer(exchange, wait ? exchange.rest(() -> connecting.await(job)) : job);
  }

  private Reply answer(Exchange exchange, Job job) {
    if (!(job.parameters() instanceof JobParameters.OpenSession(_, Name target, Name account))) {
      throw HttpProblem.notFound();
    }
    Reachable.AccountWay way = connecting.way(exchange.caller(), target, account);
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("id", job.id().value());
    answer.put("target", target.value());
    answer.put("account", account.value());
    answer.put("state", word(connecting.outcome(job)));
    answer.put(
        "fingerprint",
        job.result() instanceof JobResult.Way found ? found.probed().fingerprint() : "");
    Map<String, String> lines = new LinkedHashMap<>();
    way.commands().forEach(command -> lines.put(command.program(), command.line()));
    answer.put("commands", lines);
    answer.put("terminal", way.may().contains(Capability.SHELL.text()));
    return Json.ok(answer);
  }

  private static String word(Connecting.Outcome outcome) {
    return outcome.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
