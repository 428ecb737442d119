package org.ongsung.console.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ongsung.audit.LedgerEntry;
import org.ongsung.audit.LedgerQuery;
import org.ongsung.console.http.Access;
import org.ongsung.console.http.ApiDoc;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.Json;
import org.ongsung.console.http.Reply;
import org.ongsung.console.http.RouteTable;
import org.ongsung.console.services.LedgerReading;
import org.ongsung.model.AuditCode;
import org.ongsung.model.SessionId;

/// The ledger: pages and export.
public final class LedgerApi {
  private static final int DEFAULT_LIMIT = 100;
  private static final String[] FILTERS = {
    "code: event codes such as login.failure; several with commas",
    "actor: who did it",
    "session: a session's id",
    "subject: what it was done to",
    "text: a part of subject or details",
    "since: at or after, ISO 8601",
    "until: before, ISO 8601",
    "before#: the last sequence of the page before",
    "limit#: 1 to 1000"
  };

  private final LedgerReading ledger;

  public LedgerApi(LedgerReading ledger) {
    this.ledger = ledger;
  }

  /// Adds the routes.
  public void addTo(RouteTable.Builder routes) {
    routes
        .api(
            "GET",
            "/ledger",
            Access.AUDITOR,
            ApiDoc.of("Audit events, newest first.", "", "LedgerPage").with(FILTERS),
            this::list)
        .api(
            "GET",
            "/ledger/export",
            Access.AUDITOR,
            ApiDoc.of("All matching events as JSON lines, oldest first.", "", "")
                .with(FILTERS)
                .as("application/jsonl"),
            this::export);
  }

  private Reply list(Exchange exchange) {
    LedgerQuery query = query(exchange);
    List<LedgerEntry> found = ledger.find(query);
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("entries", found.stream().map(LedgerReading::tree).toList());
    answer.put("before", found.size() == query.limit() ? found.getLast().sequence() : null);
    return Json.ok(answer);
  }

  private Reply export(Exchange exchange) {
    String asked = exchange.pathAndQuery();
    return ledger.export(exchange.caller(), query(exchange), asked);
  }

  private static LedgerQuery query(Exchange exchange) {
    return new LedgerQuery(
        Asked.several(exchange, "code", AuditCode::of),
        Asked.one(exchange, "actor", SessionApi::bounded),
        Asked.one(exchange, "session", SessionId::new),
        Asked.one(exchange, "subject", SessionApi::bounded),
        Asked.one(exchange, "text", SessionApi::bounded),
        Asked.moment(exchange, "since"),
        Asked.moment(exchange, "until"),
        Asked.one(exchange, "before", Long::valueOf),
        Asked.number(exchange, "limit", DEFAULT_LIMIT, 1, LedgerQuery.MAX_LIMIT));
  }
}
