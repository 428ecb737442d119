package org.ongsung.console.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ongsung.audit.LedgerQuery;
import org.ongsung.console.http.Access;
import org.ongsung.console.http.ApiDoc;
import org.ongsung.console.http.BasePath;
import org.ongsung.console.http.Caller;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.Json;
import org.ongsung.console.http.Reply;
import org.ongsung.console.http.Route;
import org.ongsung.console.http.RouteTable;
import org.ongsung.console.http.Surface;
import org.ongsung.console.services.Blocks;
import org.ongsung.console.services.ConsoleMetrics;
import org.ongsung.console.services.ConsoleServices;
import org.ongsung.console.services.StreamPlaces;
import org.ongsung.gateway.GatewayFigures;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;

/// What operators need: blocks, backup, status, metrics, health, and the API's own description.
public final class OperationsApi {
  private final ConsoleServices services;
  private final StreamPlaces places;
  private final Blocks blocks;
  private final ConsoleMetrics metrics;
  private final BasePath base;
  private final String version;
  private volatile List<Route> described = List.of();

  public OperationsApi(
      ConsoleServices services,
      StreamPlaces places,
      Blocks blocks,
      ConsoleMetrics metrics,
      BasePath base,
      String version) {
    this.services = services;
    this.places = places;
    this.blocks = blocks;
    this.metrics = metrics;
    this.base = base;
    this.version = version;
  }

  /// Adds the routes.
  public void addTo(RouteTable.Builder routes) {
    routes
        .api(
            "GET",
            "/blocks",
            Access.AUDITOR,
            ApiDoc.of("Addresses that may not log in now.", "", "Blocks"),
            _ -> Json.ok(Map.of("blocks", blocks.list().stream().map(Trees::of).toList())))
        .api(
            "DELETE",
            "/blocks/{key}",
            Access.ADMIN,
            ApiDoc.of("Let a blocked address try again.", "", ""),
            exchange -> {
              blocks.release(exchange.caller(), exchange.variable("key"));
              return Reply.noContent();
            })
        .api(
            "POST",
            "/backup",
            Access.ADMIN,
            ApiDoc.of("A backup of the data folder, consistent in itself.", "", "")
                .as("application/gzip"),
            this::backup)
        .api(
            "GET",
            "/status",
            Access.AUDITOR,
            ApiDoc.of("How the gateway is doing.", "", "Status"),
            this::status)
        .api(
            "GET",
            "/openapi.json",
            Access.PUBLIC,
            ApiDoc.of("This description.", "", "OpenApi"),
            _ -> Json.ok(OpenApi.of(described, base, version)))
        .add("GET", "/metrics", Surface.API, Access.METRICS, 0, _ -> metricsText(), null)
        .add("GET", "/healthz", Surface.API, Access.PUBLIC, 0, _ -> health(), null);
  }

  /// Tells what routes there are, once the table is whole.
  public void describe(RouteTable table) {
    described = table.routes();
  }

  private Reply metricsText() {
    return new Reply.Body(
        200,
        "text/plain; version=0.0.4; charset=utf-8",
        metrics.scrape().getBytes(StandardCharsets.UTF_8),
        Map.of());
  }

  /// Healthy is: the ledger can be read, so that somebody could log in.
  private Reply health() {
    services.ledger().find(LedgerQuery.newest(1));
    return Json.ok(Map.of("status", "ok"));
  }

  private Reply status(Exchange exchange) {
    GatewayFigures figures = services.figures().get();
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("version", version);
    status.put("now", services.clock().instant().toString());
    status.put("liveSessions", figures.liveSessions());
    status.put("openRecordings", figures.openRecordings());
    status.put("startedSessions", figures.startedSessions());
    status.put("refusedSessions", figures.refusedSessions());
    status.put("terminatedSessions", figures.terminatedSessions());
    status.put("usableRecordingBytes", figures.usableRecordingBytes());
    status.put("lateWrites", figures.lateWrites());
    status.put("searchLinesBehind", services.lines().behind());
    status.put("directoryVersion", services.directory().snapshot().version());
    return Json.ok(status);
  }

  private Reply backup(Exchange exchange) throws IOException {
    Caller caller = exchange.caller();
    Instant now = services.clock().instant();
    services
        .ledger()
        .append(
            new AuditEvent(
                now,
                AuditCode.BACKUP_CREATED,
                caller.name(),
                caller.sourceText(),
                null,
                "data",
                Map.of()));
    return Reply.stream("application/gzip", places.holding(out -> services.backup().writeTo(out)))
        .with("Content-Disposition", "attachment; filename=\"ongsung-backup.tar.gz\"");
  }
}
