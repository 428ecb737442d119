package org.ongsung.console.api;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ongsung.console.http.Access;
import org.ongsung.console.http.ApiDoc;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.console.http.Json;
import org.ongsung.console.http.Reply;
import org.ongsung.console.http.RouteTable;
import org.ongsung.console.services.JobAsking;
import org.ongsung.console.services.Logins;
import org.ongsung.console.services.WorkerList;
import org.ongsung.jobs.JobId;
import org.ongsung.jobs.JobKind;
import org.ongsung.jobs.JobLogLine;
import org.ongsung.jobs.JobQueue;
import org.ongsung.jobs.JobTrees;
import org.ongsung.jobs.Jobs;
import org.ongsung.jobs.LeaseAnswer;
import org.ongsung.jobs.LeasedJob;
import org.ongsung.jobs.Progress;
import org.ongsung.jobs.TakeRequest;
import org.ongsung.model.Name;

/// The queue for workers elsewhere, and the tokens that let them in.
///
/// A worker's words may all be said twice. What it is called is what its token says.
public final class WorkerApi {
  private static final int LONGEST_WAIT_SECONDS = 30;
  private static final int MAX_LINES = 2_000;

  private final JobQueue queue;
  private final Logins logins;
  private final WorkerList workers;

  public WorkerApi(JobQueue queue, Logins logins, WorkerList workers) {
    this.queue = queue;
    this.logins = logins;
    this.workers = workers;
  }

  /// Adds the routes.
  public void addTo(RouteTable.Builder routes) {
    routes
        .api(
            "GET",
            "/workers",
            Access.AUDITOR,
            ApiDoc.of("Workers: those of gateways, and those that have a token.", "", "Workers"),
            _ -> Json.ok(Map.of("workers", workers.rows().stream().map(WorkerApi::tree).toList())))
        .api(
            "POST",
            "/workers",
            Access.ADMIN,
            ApiDoc.of("Make a worker's token; its text is told once.", "NewWorker", "MadeToken"),
            this::make)
        .api(
            "DELETE",
            "/workers/{id}",
            Access.ADMIN,
            ApiDoc.of("Take a worker's token away.", "", ""),
            exchange -> {
              if (!logins.revokeWorker(exchange.caller(), exchange.variable("id"))) {
                throw HttpProblem.notFound();
              }
              return Reply.noContent();
            })
        .api(
            "GET",
            "/worker",
            Access.WORKER,
            ApiDoc.of("What the asking worker is called.", "", "WorkerName"),
            exchange -> Json.ok(Map.of("name", exchange.caller().workerName())))
        .api(
            "POST",
            "/worker/take",
            Access.WORKER,
            ApiDoc.of("Lease jobs; the same token again gives the same jobs.", "Take", "Taken")
                .with("wait#: seconds to wait for one, 0 to " + LONGEST_WAIT_SECONDS),
            this::take)
        .api(
            "POST",
            "/worker/leave",
            Access.WORKER,
            ApiDoc.of(
                "Ask no more with a token; what was leased with it and not begun goes back.",
                "LeaseToken",
                ""),
            this::leave)
        .api(
            "POST",
            "/worker/jobs/{id}/begin",
            Access.WORKER,
            ApiDoc.of("Say that the work begins.", "LeaseToken", "LeaseAnswer"),
            exchange -> answer(queue.begin(id(exchange), token(exchange.json()))))
        .api(
            "POST",
            "/worker/jobs/{id}/report",
            Access.WORKER,
            ApiDoc.of("Say that the work goes on.", "JobReport", "LeaseAnswer"),
            this::report)
        .api(
            "POST",
            "/worker/jobs/{id}/complete",
            Access.WORKER,
            ApiDoc.of("Say that the work is done.", "JobCompletion", "LeaseAnswer"),
            this::complete)
        .api(
            "POST",
            "/worker/jobs/{id}/fail",
            Access.WORKER,
            ApiDoc.of("Say that the work did not succeed.", "JobFailure", "LeaseAnswer"),
            this::fail)
        .api(
            "POST",
            "/worker/jobs/{id}/return",
            Access.WORKER,
            ApiDoc.of("Give back a job that was not begun.", "LeaseToken", "LeaseAnswer"),
            exchange -> answer(queue.giveBack(id(exchange), token(exchange.json()))));
  }

  private static Map<String, @Nullable Object> tree(WorkerList.Row worker) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    Instant created = worker.createdAt();
    Instant seen = worker.seenAt();
    tree.put("id", worker.tokenId());
    tree.put("name", worker.name());
    tree.put("inGateway", worker.inGateway());
    tree.put("kinds", worker.kinds().stream().map(JobKind::text).sorted().toList());
    tree.put("createdAt", created == null ? null : created.toString());
    tree.put("seenAt", seen == null ? null : seen.toString());
    tree.put("atWork", worker.atWork());
    tree.put("carried", worker.carried().isPresent() ? worker.carried().getAsInt() : null);
    return tree;
  }

  private Reply make(Exchange exchange) throws IOException {
    String name = Asked.text(exchange.json(), "name");
    if (!Name.isValid(name)) {
      throw HttpProblem.badRequest("name: 1 to 63 of a-z 0-9 . _ -, a letter or digit first");
    }
    Logins.Made made = logins.makeWorkerToken(exchange.caller(), Name.of(name));
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("token", made.text());
    answer.put("id", made.token().id());
    answer.put("expiresAt", null);
    return Json.ok(answer);
  }

  private Reply take(Exchange exchange) throws IOException, InterruptedException {
    int wait = Asked.number(exchange, "wait", 0, 0, LONGEST_WAIT_SECONDS);
    Map<String, Object> body = exchange.json();
    TakeRequest request =
        reading(
            () ->
                new TakeRequest(
                    exchange.caller().workerName(),
                    Jobs.WORKER + exchange.caller().workerName(),
                    kinds(body),
                    (int) JobTrees.number(body, "most", Integer.MAX_VALUE),
                    JobTrees.text(body, "token")));
    // Nobody is there for the answer: the next job is to go to somebody who is.
    exchange.whenGone(() -> queue.leave(request.worker(), request.token()));
    List<LeasedJob> jobs = exchange.rest(() -> queue.take(request, Duration.ofSeconds(wait)));
    return Json.ok(Map.of("jobs", jobs.stream().map(JobTrees::of).toList()));
  }

  private Reply leave(Exchange exchange) throws IOException {
    String token = token(exchange.json());
    return reading(
        () -> {
          queue.leave(exchange.caller().workerName(), token);
          return Reply.noContent();
        });
  }

  private static Set<JobKind> kinds(Map<String, Object> body) {
    Set<JobKind> kinds = EnumSet.noneOf(JobKind.class);
    if (!(body.get("kinds") instanceof List<?> words)) {
      throw new IllegalArgumentException("kinds is a list of kinds of jobs");
    }
    for (Object word : words) {
      kinds.add(JobKind.of(String.valueOf(word)));
    }
    return kinds;
  }

  private Reply report(Exchange exchange) throws IOException {
    Map<String, Object> body = exchange.json();
    Progress progress =
        reading(
            () ->
                new Progress(
                    (int) JobTrees.number(body, "percent", 100), JobTrees.text(body, "note")));
    List<JobLogLine> lines = reading(() -> lines(body));
    return answer(queue.report(id(exchange), token(body), progress, lines));
  }

  private static List<JobLogLine> lines(Map<String, Object> body) {
    List<JobLogLine> lines = new ArrayList<>();
    if (body.get("lines") instanceof List<?> given) {
      if (given.size() > MAX_LINES) {
        throw new IllegalArgumentException("at most " + MAX_LINES + " lines");
      }
      for (Object one : given) {
        Map<String, Object> line = JobTrees.map(one, "lines");
        lines.add(
            new JobLogLine(
                (int) JobTrees.number(line, "number", Integer.MAX_VALUE),
                JobTrees.moment(line, "at"),
                0,
                JobTrees.text(line, "text")));
      }
    }
    return lines;
  }

  private Reply complete(Exchange exchange) throws IOException {
    Map<String, Object> body = exchange.json();
    return answer(
        reading(
            () ->
                queue.complete(
                    id(exchange),
                    token(body),
                    JobTrees.result(
                        JobKind.of(JobTrees.text(body, "kind")),
                        JobTrees.map(body.get("result"), "result")))));
  }

  private Reply fail(Exchange exchange) throws IOException {
    Map<String, Object> body = exchange.json();
    return answer(
        reading(
            () ->
                queue.fail(
                    id(exchange),
                    token(body),
                    JobTrees.text(body, "problem"),
                    JobTrees.truth(body, "again"))));
  }

  private static JobId id(Exchange exchange) {
    return JobAsking.id(exchange.variable("id"));
  }

  private static String token(Map<String, Object> body) {
    return reading(() -> JobTrees.text(body, "token"));
  }

  /// What cannot be read is a 400 that names it.
  private static <T> T reading(java.util.function.Supplier<T> read) {
    try {
      return read.get();
    } catch (IllegalArgumentException e) {
      throw HttpProblem.badRequest(String.valueOf(e.getMessage()));
    }
  }

  private static Reply answer(LeaseAnswer answer) {
    return Json.ok(Map.of("answer", answer.name().toLowerCase(Locale.ROOT)));
  }
}
