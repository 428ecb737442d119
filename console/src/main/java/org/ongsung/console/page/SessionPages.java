package org.ongsung.console.page;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ongsung.console.http.Access;
import org.ongsung.console.http.Caller;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.Reply;
import org.ongsung.console.http.RouteTable;
import org.ongsung.model.Name;
import org.ongsung.model.Session;
import org.ongsung.recording.SessionQuery;
import org.ongsung.recording.SessionStore;

/// Sessions: the list with its filters.
public final class SessionPages {
  private static final int PAGE = 50;

  private final Pages pages;
  private final SessionStore sessions;

  public SessionPages(Pages pages, SessionStore sessions) {
    this.pages = pages;
    this.sessions = sessions;
  }

  /// Adds the routes.
  public void addTo(RouteTable.Builder routes) {
    routes.page("/sessions", Access.USER, this::list);
  }

  private Reply list(Exchange exchange) {
    Page page = pages.page(exchange);
    SessionFilter filter = SessionFilter.of(exchange);
    List<Session> found = List.of();
    try {
      SessionQuery query = filter.query(onlyOf(exchange.caller()), page.shapes().zone(), PAGE + 1);
      found = sessions.find(query);
    } catch (SessionFilter.UnreadableFilterException e) {
      filter = e.filter();
    }
    boolean more = found.size() > PAGE;
    List<Session> shown = more ? found.subList(0, PAGE) : found;
    String next = more ? nextPage(exchange, shown.getLast().id().value()) : "";
    return pages.show(
        200,
        page,
        "sessions",
        Map.of("filter", filter, "sessions", List.copyOf(shown), "nextPage", next));
  }

  /// Whose sessions `caller` may see: their own, or everybody's.
  static @Nullable Name onlyOf(Caller caller) {
    return caller.isAuditor() ? null : caller.userName().orElseThrow();
  }

  /// The address of the page after this one: the same question, further back.
  static String nextPage(Exchange exchange, String before) {
    StringBuilder address = new StringBuilder(exchange.path()).append("?before=").append(before);
    for (String name : exchange.query().names()) {
      if (!name.equals("before") && exchange.query().first(name).isPresent()) {
        address
            .append('&')
            .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
            .append('=')
            .append(URLEncoder.encode(exchange.query().raw(name), StandardCharsets.UTF_8));
      }
    }
    return address.toString();
  }
}
