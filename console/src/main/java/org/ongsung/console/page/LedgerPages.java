package org.ongsung.console.page;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ongsung.audit.LedgerEntry;
import org.ongsung.audit.LedgerQuery;
import org.ongsung.console.http.Access;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.Fields;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.console.http.Reply;
import org.ongsung.console.http.RouteTable;
import org.ongsung.console.services.LedgerReading;
import org.ongsung.model.AuditCode;
import org.ongsung.model.SessionId;

/// The ledger with its filters, and its export.
public final class LedgerPages {
  private static final int PAGE = 100;
  private static final int MAX_TEXT_CHARACTERS = 200;

  private final Pages pages;
  private final LedgerReading ledger;

  public LedgerPages(Pages pages, LedgerReading ledger) {
    this.pages = pages;
    this.ledger = ledger;
  }

  /// Adds the routes.
  public void addTo(RouteTable.Builder routes) {
    routes
        .page("/ledger", Access.AUDITOR, this::list)
        .page("/ledger/export", Access.AUDITOR, this::export);
  }

  private Reply list(Exchange exchange) {
    Page page = pages.page(exchange);
    Optional<LedgerQuery> query = query(exchange.query(), page.shapes().zone(), PAGE + 1);
    List<LedgerEntry> found = query.map(ledger::find).orElse(List.of());
    boolean more = found.size() > PAGE;
    List<LedgerEntry> shown = more ? List.copyOf(found.subList(0, PAGE)) : found;
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("query", exchange.query());
    model.put("readable", query.isPresent());
    model.put("entries", shown);
    model.put(
        "nextPage",
        more ? SessionPages.nextPage(exchange, Long.toString(shown.getLast().sequence())) : "");
    model.put("exportQuery", SessionPages.queryOf(exchange));
    return pages.show(200, page, "ledger", model);
  }

  private Reply export(Exchange exchange) {
    Page page = pages.page(exchange);
    LedgerQuery query =
        query(exchange.query(), page.shapes().zone(), LedgerQuery.MAX_LIMIT)
            .orElseThrow(() -> HttpProblem.badRequest("a filter cannot be read"));
    return ledger.export(exchange.caller(), query, exchange.pathAndQuery());
  }

  /// Empty when a field cannot be read.
  private static Optional<LedgerQuery> query(Fields fields, ZoneId zone, int limit) {
    try {
      String code = fields.first("code").orElse("");
      String session = fields.first("session").orElse("");
      String before = fields.first("before").orElse("");
      return Optional.of(
          new LedgerQuery(
              code.isEmpty() ? Set.of() : Set.of(AuditCode.of(code)),
              bounded(fields, "actor"),
              session.isEmpty() ? null : new SessionId(session),
              bounded(fields, "subject"),
              bounded(fields, "text"),
              SessionFilter.moment(fields.first("since").orElse(""), zone),
              SessionFilter.moment(fields.first("until").orElse(""), zone),
              before.isEmpty() ? null : Long.valueOf(before),
              limit));
    } catch (IllegalArgumentException | DateTimeException e) {
      return Optional.empty();
    }
  }

  private static @Nullable String bounded(Fields fields, String name) {
    return fields
        .first(name)
        .map(text -> text.substring(0, Math.min(text.length(), MAX_TEXT_CHARACTERS)))
        .orElse(null);
  }
}
