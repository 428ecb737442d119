package org.ongsung.console.page;

import java.util.List;
import java.util.Map;
import org.ongsung.console.http.Access;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.Reply;
import org.ongsung.console.http.RouteTable;
import org.ongsung.console.services.Reachable;
import org.ongsung.console.services.ReachableTargets;

/// My targets: where everybody starts.
public final class TargetPages {
  private final Pages pages;
  private final ReachableTargets reachable;

  public TargetPages(Pages pages, ReachableTargets reachable) {
    this.pages = pages;
    this.reachable = reachable;
  }

  /// Adds the routes.
  public void addTo(RouteTable.Builder routes) {
    routes.page("/", Access.USER, this::mine);
  }

  private Reply mine(Exchange exchange) {
    List<Reachable> all = reachable.of(exchange.caller());
    String q = exchange.query().first("q").orElse("");
    List<Reachable> rows = q.isEmpty() ? all : all.stream().filter(row -> row.matches(q)).toList();
    return pages.show(exchange, "targets", Map.of("rows", rows, "q", q, "any", !all.isEmpty()));
  }
}
