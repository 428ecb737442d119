package org.ongsung.console.api;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ongsung.console.http.Access;
import org.ongsung.console.http.ApiDoc;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.console.http.Json;
import org.ongsung.console.http.Reply;
import org.ongsung.console.http.RouteTable;
import org.ongsung.console.services.JobAsking;
import org.ongsung.jobs.CronTimes;
import org.ongsung.jobs.JobKind;
import org.ongsung.jobs.JobSchedule;
import org.ongsung.jobs.JobTrees;

/// Schedules that make jobs: list, set up, take away.
public final class ScheduleApi {
  private final JobAsking asking;

  public ScheduleApi(JobAsking asking) {
    this.asking = asking;
  }

  /// Adds the routes.
  public void addTo(RouteTable.Builder routes) {
    routes
        .api(
            "GET",
            "/schedules",
            Access.AUDITOR,
            ApiDoc.of("Schedules, by name.", "", "Schedules"),
            _ ->
                Json.ok(
                    Map.of(
                        "schedules", asking.jobs().schedules().stream().map(this::tree).toList())))
        .api(
            "PUT",
            "/schedules/{name}",
            Access.ADMIN,
            ApiDoc.of("Set a schedule up or change it.", "Schedule", "Schedule"),
            this::put)
        .api(
            "DELETE",
            "/schedules/{name}",
            Access.ADMIN,
            ApiDoc.of("Take a schedule away; its jobs stay.", "", ""),
            exchange -> {
              asking.deleteSchedule(exchange.caller(), exchange.nameVariable("name"));
              return Reply.noContent();
            });
  }

  private Reply put(Exchange exchange) throws IOException {
    Map<String, Object> body = exchange.json();
    try {
      JobKind kind = JobKind.of(Asked.text(body, "kind"));
      return Json.ok(
          tree(
              asking.put(
                  exchange.caller(),
                  exchange.nameVariable("name"),
                  JobTrees.parameters(
                      kind, JobTrees.map(body.getOrDefault("parameters", Map.of()), "parameters")),
                  CronTimes.parse(Asked.text(body, "cron")),
                  ZoneId.of(Asked.optionalText(body, "zone").orElse("UTC")),
                  !body.containsKey("active") || Asked.truth(body, "active"))));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw HttpProblem.badRequest(String.valueOf(e.getMessage()));
    }
  }

  private Map<String, @Nullable Object> tree(JobSchedule schedule) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    Instant next = asking.nextOf(schedule);
    tree.put("name", schedule.name().value());
    tree.put("kind", schedule.parameters().kind().text());
    tree.put("parameters", JobTrees.of(schedule.parameters()));
    tree.put("cron", schedule.times().toString());
    tree.put("zone", schedule.zone().getId());
    tree.put("active", schedule.active());
    tree.put("owner", schedule.owner());
    tree.put("node", schedule.node());
    tree.put("next", next == null ? null : next.toString());
    return tree;
  }
}
