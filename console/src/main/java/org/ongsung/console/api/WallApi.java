package org.ongsung.console.api;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ongsung.console.http.Access;
import org.ongsung.console.http.ApiDoc;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.console.http.Json;
import org.ongsung.console.http.Reply;
import org.ongsung.console.http.RouteTable;
import org.ongsung.console.services.QuickConnect;
import org.ongsung.console.services.WallReading;
import org.ongsung.console.services.WallTarget;
import org.ongsung.directory.adhoc.AdHocTargets;
import org.ongsung.model.HostAndPort;
import org.ongsung.model.Name;
import org.ongsung.model.Protocol;

/// The caller's own wall: what they have starred and use, and what they look for.
public final class WallApi {
  private static final int MAX_FOUND = 200;

  private final WallReading wall;
  private final QuickConnect quick;

  public WallApi(WallReading wall, QuickConnect quick) {
    this.wall = wall;
    this.quick = quick;
  }

  /// Adds the routes.
  public void addTo(RouteTable.Builder routes) {
    routes
        .api(
            "GET",
            "/me/wall",
            Access.USER,
            ApiDoc.of("The caller's targets in the order of use.", "", "Wall")
                .with("page#: of the other targets, from 1"),
            this::wall)
        .api(
            "GET",
            "/me/wall/search",
            Access.USER,
            ApiDoc.of("The caller's targets that fit a query, best first.", "", "WallFound")
                .with(
                    "q: words of name, title, labels, address or account; Korean by any part, also"
                        + " by first consonants",
                    "limit#: 1 to 200"),
            this::search)
        .api(
            "PUT",
            "/me/stars/{target}",
            Access.USER,
            ApiDoc.of("Star a target that the caller may reach.", "", ""),
            exchange -> star(exchange, true))
        .api(
            "DELETE",
            "/me/stars/{target}",
            Access.USER,
            ApiDoc.of("Take a star away.", "", ""),
            exchange -> star(exchange, false))
        .api(
            "POST",
            "/me/quick",
            Access.USER,
            ApiDoc.of(
                "Find the caller's targets at an address or of a name; register one on the fly"
                    + " where that is allowed.",
                "Quick",
                "QuickFound"),
            this::quick);
  }

  private Reply wall(Exchange exchange) {
    int page = Asked.number(exchange, "page", 1, 1, 1_000);
    WallReading.Sections sections = wall.of(exchange.caller(), page);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("starred", trees(sections.starred()));
    answer.put("recent", trees(sections.recent()));
    answer.put("often", trees(sections.often()));
    answer.put("others", trees(sections.others()));
    answer.put("more", sections.more());
    return Json.ok(answer);
  }

  private Reply search(Exchange exchange) {
    int limit = Asked.number(exchange, "limit", WallReading.PAGE, 1, MAX_FOUND);
    WallReading.Found found =
        wall.find(exchange.caller(), exchange.query().first("q").orElse(""), limit);
    return Json.ok(Map.of("targets", trees(found.targets()), "more", found.more()));
  }

  private Reply star(Exchange exchange, boolean starred) {
    wall.star(exchange.caller(), exchange.nameVariable("target"), starred);
    return Reply.noContent();
  }

  private Reply quick(Exchange exchange) throws IOException, InterruptedException {
    Map<String, Object> body = exchange.json();
    Protocol protocol;
    HostAndPort address;
    try {
      protocol = Protocol.of(Asked.optionalText(body, "protocol").orElse(Protocol.SSH.text()));
      address = QuickConnect.address(protocol, Asked.text(body, "address").strip(), "");
    } catch (IllegalArgumentException e) {
      throw HttpProblem.badRequest(String.valueOf(e.getMessage()));
    }
    QuickConnect.Found found =
        quick.find(
            exchange.caller(),
            protocol,
            address,
            host -> exchange.rest(() -> AdHocTargets.lookUp(host)));
    return Json.ok(
        Map.of(
            "targets",
            found.targets().stream().map(Name::value).toList(),
            "registered",
            found.registered(),
            "full",
            found.full()));
  }

  private static List<Map<String, @Nullable Object>> trees(List<WallTarget> targets) {
    return targets.stream().map(WallApi::tree).toList();
  }

  private static Map<String, @Nullable Object> tree(WallTarget target) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>(Trees.of(target.reachable()));
    tree.put("starred", target.starred());
    tree.put("sessions", target.sessions());
    tree.put("last", target.last() == null ? null : target.last().toString());
    return tree;
  }
}
