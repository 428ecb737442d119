package org.ongsung.console.api;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
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
import org.ongsung.console.services.JobLive;
import org.ongsung.console.services.ReportReading;
import org.ongsung.jobs.Job;
import org.ongsung.jobs.JobId;
import org.ongsung.jobs.JobKind;
import org.ongsung.jobs.JobLogLine;
import org.ongsung.jobs.JobParameters;
import org.ongsung.jobs.JobResult;
import org.ongsung.jobs.JobSearch;
import org.ongsung.jobs.JobState;
import org.ongsung.jobs.JobTrees;

/// Jobs: ask for one, list, look at one and its log, wait for it, stop it, have it done again.
public final class JobApi {
  private static final int DEFAULT_LIMIT = 50;
  private static final int LOG_PAGE = 500;
  private static final int LONGEST_WAIT_SECONDS = 50;

  private final JobAsking asking;
  private final JobLive live;
  private final ReportReading reports;
  private final InstantSource clock;

  public JobApi(JobAsking asking, JobLive live, ReportReading reports, InstantSource clock) {
    this.asking = asking;
    this.live = live;
    this.reports = reports;
    this.clock = clock;
  }

  /// Adds the routes.
  public void addTo(RouteTable.Builder routes) {
    routes
        .api(
            "GET",
            "/jobs",
            Access.AUDITOR,
            ApiDoc.of("Jobs, newest first.", "", "Jobs")
                .with(
                    "state: new, taken, running, done, error, dropped; several with commas",
                    "kind: a kind of job; several with commas",
                    "owner: who asked",
                    "before: the last id of the page before",
                    "limit#: 1 to 1000"),
            this::list)
        .api(
            "POST",
            "/jobs",
            Access.AUDITOR,
            ApiDoc.of(
                "Ask for a job; the same key again gives the same job. Auditors may ask for"
                    + " reports.",
                "NewJob",
                "Job"),
            this::submit)
        .api(
            "GET",
            "/jobs/{id}",
            Access.AUDITOR,
            ApiDoc.of("One job.", "", "Job")
                .with("wait#: seconds to wait for its end, 0 to " + LONGEST_WAIT_SECONDS),
            this::one)
        .api(
            "GET",
            "/jobs/{id}/log",
            Access.AUDITOR,
            ApiDoc.of("What workers wrote about a job.", "", "JobLog")
                .with("offset#: how many lines to leave out"),
            this::log)
        .api(
            "GET",
            "/jobs/{id}/file",
            Access.AUDITOR,
            ApiDoc.of("The file that a report has made: CSV or JSON lines.", "", "").as("text/csv"),
            exchange -> reports.download(exchange.caller(), asking.find(exchange.variable("id"))))
        .api(
            "GET",
            "/jobs/{id}/live",
            Access.AUDITOR,
            ApiDoc.of("Watch a job go on, as server-sent events; the last is done.", "", "")
                .as("text/event-stream"),
            exchange -> live.watch(exchange, asking.find(exchange.variable("id"))))
        .api(
            "POST",
            "/jobs/{id}/cancel",
            Access.ADMIN,
            ApiDoc.of("Stop a job.", "", "Job"),
            exchange -> answer(asking.cancel(exchange.caller(), exchange.variable("id"))))
        .api(
            "POST",
            "/jobs/{id}/rerun",
            Access.AUDITOR,
            ApiDoc.of("Have the same done again, as a job of its own.", "", "Job"),
            exchange -> answer(asking.rerun(exchange.caller(), exchange.variable("id"))));
  }

  private Reply answer(Job job) {
    return Json.ok(tree(job, clock.instant()));
  }

  private Reply list(Exchange exchange) {
    int limit = Asked.number(exchange, "limit", DEFAULT_LIMIT, 1, JobSearch.MAX_LIMIT);
    List<Job> found =
        asking
            .jobs()
            .find(
                new JobSearch(
                    Asked.several(exchange, "state", JobState::of),
                    Asked.several(exchange, "kind", JobKind::of),
                    Asked.one(exchange, "owner", SessionApi::bounded),
                    null,
                    Asked.one(exchange, "before", JobId::new),
                    limit));
    Instant now = clock.instant();
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("jobs", found.stream().map(job -> tree(job, now)).toList());
    answer.put("before", found.size() == limit ? found.getLast().id().value() : null);
    return Json.ok(answer);
  }

  private Reply submit(Exchange exchange) throws IOException {
    Map<String, Object> body = exchange.json();
    try {
      JobKind kind = JobKind.of(Asked.text(body, "kind"));
      Object given = body.getOrDefault("parameters", Map.of());
      JobParameters parameters = JobTrees.parameters(kind, JobTrees.map(given, "parameters"));
      return answer(
          asking.submit(
              exchange.caller(),
              parameters,
              Asked.optionalText(body, "key").orElse(null),
              body.containsKey("notBefore") ? JobTrees.moment(body, "notBefore") : null,
              body.containsKey("deadline") ? JobTrees.moment(body, "deadline") : null));
    } catch (IllegalArgumentException e) {
      throw HttpProblem.badRequest(String.valueOf(e.getMessage()));
    }
  }

  private Reply one(Exchange exchange) throws IOException, InterruptedException {
    int wait = Asked.number(exchange, "wait", 0, 0, LONGEST_WAIT_SECONDS);
    Job job = asking.find(exchange.variable("id"));
    if (wait > 0 && !job.state().ended()) {
      JobId id = job.id();
      Instant until = clock.instant().plus(Duration.ofSeconds(wait));
      job = exchange.rest(() -> asking.jobs().await(id, until));
    }
    return answer(job);
  }

  private Reply log(Exchange exchange) {
    Job job = asking.find(exchange.variable("id"));
    int offset = Asked.number(exchange, "offset", 0, 0, Integer.MAX_VALUE);
    List<JobLogLine> lines = asking.jobs().log(job.id(), offset, LOG_PAGE);
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("lines", lines.stream().map(JobApi::tree).toList());
    answer.put("offset", lines.size() == LOG_PAGE ? offset + LOG_PAGE : null);
    return Json.ok(answer);
  }

  private static Map<String, Object> tree(JobLogLine line) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("attempt", line.attempt());
    tree.put("number", line.number());
    tree.put("at", line.at().toString());
    tree.put("text", line.text());
    return tree;
  }

  private static Map<String, @Nullable Object> tree(Job job, Instant now) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    JobResult result = job.result();
    tree.put("id", job.id().value());
    tree.put("kind", job.kind().text());
    tree.put("parameters", JobTrees.of(job.parameters()));
    tree.put("subject", job.parameters().subject());
    tree.put("owner", job.origin().owner());
    tree.put("key", job.origin().key());
    tree.put("schedule", text(job.origin().schedule()));
    tree.put("rerunOf", text(job.origin().rerunOf()));
    tree.put("node", job.node());
    tree.put("state", job.state().text());
    tree.put("attempt", job.attempt());
    tree.put("worker", job.lease() == null ? null : job.lease().worker());
    tree.put("percent", job.progress().percent());
    tree.put("note", job.progress().note());
    tree.put("createdAt", job.createdAt().toString());
    tree.put("notBefore", job.notBefore().toString());
    tree.put("deadline", text(job.deadline()));
    tree.put("startedAt", text(job.startedAt()));
    tree.put("endedAt", text(job.endedAt()));
    tree.put("waitedSeconds", job.waited(now).toSeconds());
    tree.put("ranSeconds", job.ran(now).toSeconds());
    tree.put("result", result == null ? null : JobTrees.of(result));
    tree.put("summary", result == null ? job.problem() : result.summary());
    tree.put("cancelledBy", job.cancelledBy());
    return tree;
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }
}
