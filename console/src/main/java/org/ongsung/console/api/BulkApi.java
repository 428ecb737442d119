package org.ongsung.console.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.ongsung.console.http.Access;
import org.ongsung.console.http.ApiDoc;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.console.http.Json;
import org.ongsung.console.http.Reply;
import org.ongsung.console.http.RouteTable;
import org.ongsung.console.http.Surface;
import org.ongsung.console.services.BulkEdits;
import org.ongsung.directory.access.AccessResult;
import org.ongsung.directory.bulk.BulkFormat;

/// Users and targets in and out by the list.
public final class BulkApi {
  private static final String CSV = "text/csv; charset=utf-8";

  private final BulkEdits bulk;
  private final int bodyBytes;

  /// @param bodyBytes the longest list with what is around it, inclusive
  public BulkApi(BulkEdits bulk, int bodyBytes) {
    this.bulk = bulk;
    this.bodyBytes = bodyBytes;
  }

  /// Adds the routes.
  public void addTo(RouteTable.Builder routes) {
    routes
        .add(
            "POST",
            "/api/v1/import",
            Surface.API,
            Access.ADMIN,
            bodyBytes,
            this::read,
            ApiDoc.of(
                "Import users or targets from CSV, an Ansible inventory or an ssh_config: all or"
                    + " nothing.",
                "Import",
                "Applied"))
        .api(
            "GET",
            "/export/users.csv",
            Access.ADMIN,
            ApiDoc.of("All users as CSV, no secrets.", "", "")
                .with("language: ko for Korean heads")
                .as("text/csv"),
            exchange -> csv(exchange, bulk::users))
        .api(
            "GET",
            "/export/targets.csv",
            Access.ADMIN,
            ApiDoc.of("All targets as CSV, no secrets.", "", "")
                .with("language: ko for Korean heads")
                .as("text/csv"),
            exchange -> csv(exchange, bulk::targets));
  }

  private Reply read(Exchange exchange) throws IOException {
    Map<String, Object> body = exchange.json();
    BulkFormat format;
    try {
      format = BulkFormat.of(Asked.text(body, "format"));
    } catch (IllegalArgumentException e) {
      throw HttpProblem.badRequest(String.valueOf(e.getMessage()));
    }
    AccessResult result =
        bulk.apply(
            exchange.caller(), format, Asked.text(body, "text"), Asked.truth(body, "dryRun"));
    return Json.ok(Trees.of(result));
  }

  private static Reply csv(Exchange exchange, Function<Locale, String> export) {
    String language = exchange.query().first("language").orElse("");
    String csv = export.apply(language.equals("ko") ? Locale.KOREAN : Locale.ENGLISH);
    return new Reply.Body(200, CSV, csv.getBytes(StandardCharsets.UTF_8), Map.of());
  }
}
