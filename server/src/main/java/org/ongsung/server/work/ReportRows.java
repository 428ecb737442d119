package org.ongsung.server.work;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ongsung.audit.LedgerEntry;
import org.ongsung.jobs.JobTrees;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.Session;

/// The rows of reports, and how they are written: as CSV (RFC 4180) with a head, or as JSON lines.
///
/// A cell of CSV that a spreadsheet would take for a formula stands behind an apostrophe: what is
/// in it may come from strangers.
final class ReportRows {
  static final List<String> SESSION_COLUMNS =
      List.of(
          "session",
          "user",
          "target",
          "account",
          "login",
          "protocol",
          "startedAt",
          "endedAt",
          "seconds",
          "state",
          "cause",
          "endedBy",
          "grant",
          "factors",
          "source",
          "client",
          "node",
          "bytesFromClient",
          "bytesToClient");

  static final List<String> LEDGER_COLUMNS =
      List.of("sequence", "at", "code", "actor", "source", "session", "subject", "details");

  private ReportRows() {}

  static Map<String, Object> of(Session session) {
    Session.End end = session.end();
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("session", session.id().value());
    row.put("user", session.user().value());
    row.put("target", session.target().value());
    row.put("account", session.account().value());
    row.put("login", session.login());
    row.put("protocol", session.protocol().text());
    row.put("startedAt", session.startedAt().toString());
    row.put("endedAt", end == null ? "" : end.at().toString());
    row.put(
        "seconds", end == null ? "" : Duration.between(session.startedAt(), end.at()).toSeconds());
    row.put("state", session.state().text());
    row.put("cause", end == null ? "" : end.reason().code().text());
    row.put("endedBy", end == null || end.by() == null ? "" : end.by().value());
    row.put("grant", session.grant().value());
    row.put("factors", session.factors());
    row.put("source", session.source());
    row.put("client", session.client());
    row.put("node", session.node());
    row.put("bytesFromClient", end == null ? "" : end.bytesFromClient());
    row.put("bytesToClient", end == null ? "" : end.bytesToClient());
    return row;
  }

  static Map<String, Object> of(LedgerEntry entry) {
    AuditEvent event = entry.event();
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("sequence", entry.sequence());
    row.put("at", event.at().toString());
    row.put("code", event.code().text());
    row.put("actor", event.actor());
    row.put("source", event.source());
    row.put("session", event.session() == null ? "" : event.session().value());
    row.put("subject", event.subject());
    row.put("details", event.details());
    return row;
  }

  /// The head of CSV.
  static String head(List<String> columns) {
    return String.join(",", columns) + "\r\n";
  }

  /// A line of CSV.
  static String csv(List<String> columns, Map<String, Object> row) {
    return columns.stream().map(column -> cell(row.get(column))).collect(Collectors.joining(","))
        + "\r\n";
  }

  /// A line of JSON.
  static String json(Map<String, Object> row) {
    return JobTrees.json(row) + "\n";
  }

  private static String cell(@Nullable Object value) {
    String text =
        switch (value) {
          case null -> "";
          case Map<?, ?> map ->
              map.entrySet().stream()
                  .map(one -> one.getKey() + "=" + one.getValue())
                  .sorted()
                  .collect(Collectors.joining("; "));
          default -> value.toString();
        };
    String safe =
        !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 && !(value instanceof Number)
            ? "'" + text
            : text;
    return safe.matches("(?s).*[\",\r\n].*") ? "\"" + safe.replace("\"", "\"\"") + "\"" : safe;
  }
}
