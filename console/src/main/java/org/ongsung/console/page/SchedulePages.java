package org.ongsung.console.page;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ongsung.console.http.Access;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.console.http.Reply;
import org.ongsung.console.http.RouteTable;
import org.ongsung.console.services.JobAsking;
import org.ongsung.console.services.Logins;
import org.ongsung.console.services.WorkerList;
import org.ongsung.jobs.CronTimes;
import org.ongsung.jobs.JobKind;
import org.ongsung.jobs.JobParameters;
import org.ongsung.jobs.JobRefusedException;
import org.ongsung.jobs.JobSchedule;
import org.ongsung.model.Name;

/// Schedules, to look at, set up and take away, and the workers that do what they make.
public final class SchedulePages {
  private final Pages pages;
  private final JobAsking asking;
  private final WorkerList workers;
  private final Logins logins;

  public SchedulePages(Pages pages, JobAsking asking, WorkerList workers, Logins logins) {
    this.pages = pages;
    this.asking = asking;
    this.workers = workers;
    this.logins = logins;
  }

  /// Adds the routes.
  public void addTo(RouteTable.Builder routes) {
    routes
        .page("/schedules", Access.AUDITOR, exchange -> list(exchange, 200, chosen(exchange)))
        .form("/schedules", Access.ADMIN, this::put)
        .form("/schedules/{name}/delete", Access.ADMIN, this::delete)
        .page("/workers", Access.AUDITOR, exchange -> workers(exchange, 200, "", ""))
        .form("/workers", Access.ADMIN, this::makeWorker)
        .form("/workers/{id}/revoke", Access.ADMIN, this::revokeWorker);
  }

  /// The schedule that `?name=` names, in the form.
  private JobForm chosen(Exchange exchange) {
    String name = exchange.query().first("name").orElse("");
    Optional<JobSchedule> known =
        Name.isValid(name) ? asking.jobs().schedule(Name.of(name)) : Optional.empty();
    return known
        .map(
            schedule ->
                new JobForm(
                    name,
                    schedule.parameters().kind().text(),
                    JobWords.lines(schedule.parameters()),
                    schedule.times().toString(),
                    schedule.zone().getId(),
                    ""))
        .orElse(JobForm.EMPTY);
  }

  private Reply list(Exchange exchange, int status, JobForm form) {
    Set<JobKind> served = asking.jobs().served();
    List<String> next = new ArrayList<>();
    Page page = pages.page(exchange);
    List<JobSchedule> schedules = asking.jobs().schedules();
    for (JobSchedule schedule : schedules) {
      var moment = asking.nextOf(schedule);
      next.add(moment == null ? "" : page.timeAndZone(moment));
    }
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("schedules", schedules);
    model.put("next", next);
    model.put("form", form);
    model.put(
        "kinds",
        List.of(JobKind.values()).stream()
            .filter(kind -> served.contains(kind) && kind != JobKind.SESSION)
            .toList());
    return pages.show(status, page, "schedules", model);
  }

  private Reply put(Exchange exchange) throws IOException {
    JobForm form = JobForm.of(exchange.form());
    if (!Name.isValid(form.name())) {
      return list(exchange, 422, form.with("form.bad-name"));
    }
    JobParameters told;
    try {
      told = form.told();
    } catch (IllegalArgumentException e) {
      return list(exchange, 422, form.with("jobs.unreadable"));
    }
    CronTimes times;
    ZoneId zone;
    try {
      times = CronTimes.parse(form.cron());
    } catch (IllegalArgumentException e) {
      return list(exchange, 422, form.with("schedules.bad-times"));
    }
    try {
      zone = ZoneId.of(form.zone());
    } catch (DateTimeException e) {
      return list(exchange, 422, form.with("schedules.bad-zone"));
    }
    boolean active = !exchange.form().has("off");
    try {
      var _ = asking.put(exchange.caller(), Name.of(form.name()), told, times, zone, active);
    } catch (JobRefusedException e) {
      return list(exchange, 422, form.with(JobForm.problemOf(e)));
    }
    return Reply.seeOther("/schedules");
  }

  private Reply delete(Exchange exchange) {
    try {
      asking.deleteSchedule(exchange.caller(), exchange.nameVariable("name"));
    } catch (HttpProblem e) {
      if (e.status() != 404) {
        throw e;
      } // somebody else did it, which was what was wanted
    }
    return Reply.seeOther("/schedules");
  }

  /// @param bad key of what is wrong, or empty
  /// @param token the text of a token just made, or empty
  private Reply workers(Exchange exchange, int status, String bad, String token) {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("workers", workers.rows());
    model.put("bad", bad);
    model.put("token", token);
    return pages.show(status, pages.page(exchange), "workers", model);
  }

  private Reply makeWorker(Exchange exchange) throws IOException {
    String name = exchange.form().first("name").orElse("");
    if (!Name.isValid(name)) {
      return workers(exchange, 422, "form.bad-name", "");
    }
    Logins.Made made = logins.makeWorkerToken(exchange.caller(), Name.of(name));
    return workers(exchange, 200, "", made.text());
  }

  private Reply revokeWorker(Exchange exchange) {
    boolean _ = logins.revokeWorker(exchange.caller(), exchange.variable("id"));
    return Reply.seeOther("/workers");
  }
}
