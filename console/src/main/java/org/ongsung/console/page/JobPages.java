package org.ongsung.console.page;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ongsung.console.http.Access;
import org.ongsung.console.http.Caller;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.Fields;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.console.http.Reply;
import org.ongsung.console.http.RouteTable;
import org.ongsung.console.services.JobAsking;
import org.ongsung.console.services.ReportReading;
import org.ongsung.jobs.Job;
import org.ongsung.jobs.JobId;
import org.ongsung.jobs.JobKind;
import org.ongsung.jobs.JobRefusedException;
import org.ongsung.jobs.JobSearch;
import org.ongsung.jobs.JobState;

/// Jobs: the list with its filters, one job while it goes on and afterwards, asking for one,
/// stopping it, having it done again.
public final class JobPages {
  private static final int PAGE = 50;
  private static final int MAX_LINES = 1_000;
  private static final int MAX_OWNER_CHARACTERS = 100;

  private final Pages pages;
  private final JobAsking asking;
  private final ReportReading reports;

  public JobPages(Pages pages, JobAsking asking, ReportReading reports) {
    this.pages = pages;
    this.asking = asking;
    this.reports = reports;
  }

  /// Adds the routes.
  public void addTo(RouteTable.Builder routes) {
    routes
        .page("/jobs", Access.AUDITOR, exchange -> list(exchange, 200, JobForm.EMPTY))
        .form("/jobs", Access.AUDITOR, this::ask)
        .page("/jobs/{id}", Access.AUDITOR, exchange -> one(exchange, 200, ""))
        .form("/jobs/{id}/cancel", Access.ADMIN, this::cancel)
        .form("/jobs/{id}/rerun", Access.AUDITOR, this::rerun)
        .page("/jobs/{id}/file", Access.AUDITOR, this::download);
  }

  private Reply list(Exchange exchange, int status, JobForm form) {
    Fields query = exchange.query();
    Page page = pages.page(exchange);
    boolean readable = true;
    List<Job> found = List.of();
    try {
      found = asking.jobs().find(search(query));
    } catch (IllegalArgumentException e) {
      readable = false;
    }
    boolean more = found.size() > PAGE;
    List<Job> shown = more ? List.copyOf(found.subList(0, PAGE)) : found;
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("query", query);
    model.put("readable", readable);
    model.put("jobs", shown);
    model.put("form", form);
    model.put("kinds", askable(exchange.caller()));
    model.put(
        "nextPage", more ? SessionPages.nextPage(exchange, shown.getLast().id().value()) : "");
    return pages.show(status, page, "jobs", model);
  }

  /// The kinds that people ask for by hand.
  private List<JobKind> askable(Caller caller) {
    Set<JobKind> served = asking.jobs().served();
    return List.of(JobKind.values()).stream()
        .filter(kind -> served.contains(kind) && kind != JobKind.SESSION)
        .filter(kind -> JobAsking.mayAsk(caller, kind))
        .toList();
  }

  private static JobSearch search(Fields query) {
    String state = query.first("state").orElse("");
    String kind = query.first("kind").orElse("");
    String before = query.first("before").orElse("");
    return new JobSearch(
        state.isEmpty() ? Set.of() : Set.of(JobState.of(state)),
        kind.isEmpty() ? Set.of() : Set.of(JobKind.of(kind)),
        query
            .first("owner")
            .map(owner -> owner.substring(0, Math.min(owner.length(), MAX_OWNER_CHARACTERS)))
            .orElse(null),
        null,
        before.isEmpty() ? null : new JobId(before),
        PAGE + 1);
  }

  private Reply ask(Exchange exchange) throws IOException {
    JobForm form = JobForm.of(exchange.form());
    try {
      Job job = asking.submit(exchange.caller(), form.told(), null, null, null);
      return Reply.seeOther("/jobs/" + job.id());
    } catch (IllegalArgumentException e) {
      return list(exchange, 422, form.with("jobs.unreadable"));
    } catch (JobRefusedException e) {
      return list(exchange, 422, form.with(JobForm.problemOf(e)));
    }
  }

  private Reply one(Exchange exchange, int status, String problem) {
    Job job = asking.find(exchange.variable("id"));
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("job", job);
    model.put("lines", asking.jobs().log(job.id(), 0, MAX_LINES));
    model.put("problem", problem);
    model.put("askable", askable(exchange.caller()).contains(job.kind()));
    return pages.show(status, pages.page(exchange), "job", model);
  }

  private Reply download(Exchange exchange) throws IOException {
    return reports.download(exchange.caller(), asking.find(exchange.variable("id")));
  }

  private Reply cancel(Exchange exchange) {
    String id = exchange.variable("id");
    try {
      var _ = asking.cancel(exchange.caller(), id);
    } catch (HttpProblem e) {
      if (e.status() != 409) {
        throw e;
      } // it has ended meanwhile, which its page shows
    }
    return Reply.seeOther("/jobs/" + JobAsking.id(id));
  }

  private Reply rerun(Exchange exchange) {
    try {
      Job job = asking.rerun(exchange.caller(), exchange.variable("id"));
      return Reply.seeOther("/jobs/" + job.id());
    } catch (JobRefusedException e) {
      return one(exchange, 422, JobForm.problemOf(e));
    }
  }
}
