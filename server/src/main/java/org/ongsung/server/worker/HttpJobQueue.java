package org.ongsung.server.worker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ongsung.jobs.JobId;
import org.ongsung.jobs.JobKind;
import org.ongsung.jobs.JobLogLine;
import org.ongsung.jobs.JobQueue;
import org.ongsung.jobs.JobResult;
import org.ongsung.jobs.JobTrees;
import org.ongsung.jobs.JobsUnavailableException;
import org.ongsung.jobs.LeaseAnswer;
import org.ongsung.jobs.LeasedJob;
import org.ongsung.jobs.Progress;
import org.ongsung.jobs.TakeRequest;

/// The queue of a gateway over its HTTP API (RFC 9110), by long polling, so that a worker needs no
/// address of its own and passes through what lets browsers pass.
///
/// Whatever is not an answer of the gateway's, including a token that it does not take, is a
/// [JobsUnavailableException], and is tried again.
public final class HttpJobQueue implements JobQueue {
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final Duration LEAVING = Duration.ofSeconds(5);
  private static final int NO_CONTENT = 204;
  private static final int LONGEST_WAIT_SECONDS = 25;
  private static final int UNKNOWN = 401;
  private static final int FORBIDDEN = 403;
  private static final int BUSY = 503;
  private static final int BUSY_TRIES = 5;
  private static final Duration BUSY_PAUSE = Duration.ofSeconds(2);

  private final GatewayCalls gateway;

  public HttpJobQueue(GatewayCalls gateway) {
    this.gateway = gateway;
  }

  /// What the gateway calls this worker. A gateway that is too busy is asked again for a while.
  ///
  /// @throws TokenRefusedException when the gateway does not take the token
  /// @throws JobsUnavailableException when no gateway answers
  public String name() throws InterruptedException {
    GatewayCalls.Answer answer = call("GET", "", Map.of(), ANSWER);
    for (int again = 0; again < BUSY_TRIES && answer.status() == BUSY; again++) {
      Thread.sleep(BUSY_PAUSE);
      answer = call("GET", "", Map.of(), ANSWER);
    }
    if (answer.status() == UNKNOWN || answer.status() == FORBIDDEN) {
      throw new TokenRefusedException(answer.status());
    }
    Map<String, Object> told = tree(answer);
    return reading(() -> JobTrees.text(told, "name"));
  }

  @Override
  public List<LeasedJob> take(TakeRequest request, Duration patience) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("kinds", request.kinds().stream().map(JobKind::text).sorted().toList());
    body.put("most", request.most());
    body.put("token", request.token());
    long wait = Math.min(LONGEST_WAIT_SECONDS, patience.toSeconds());
    Map<String, Object> answer = ask("POST", "/take?wait=" + wait, body, ANSWER.plusSeconds(wait));
    return reading(
        () -> {
          List<LeasedJob> jobs = new ArrayList<>();
          if (answer.get("jobs") instanceof List<?> given) {
            for (Object job : given) {
              jobs.add(JobTrees.leased(JobTrees.map(job, "jobs")));
            }
          }
          return jobs;
        });
  }

  /// @param worker the gateway knows it by its token
  @Override
  public void leave(String worker, String token) {
    GatewayCalls.Answer answer = call("POST", "/leave", Map.of("token", token), LEAVING);
    if (answer.status() != NO_CONTENT) {
      throw unexpected(answer);
    }
  }

  @Override
  public LeaseAnswer begin(JobId job, String token) {
    return say(job, "begin", Map.of("token", token));
  }

  @Override
  public LeaseAnswer report(JobId job, String token, Progress progress, List<JobLogLine> lines) {
    return say(
        job,
        "report",
        Map.of(
            "token",
            token,
            "percent",
            progress.percent(),
            "note",
            progress.note(),
            "lines",
            lines.stream()
                .map(
                    line ->
                        Map.of(
                            "number",
                            line.number(),
                            "at",
                            line.at().toString(),
                            "text",
                            line.text()))
                .toList()));
  }

  @Override
  public LeaseAnswer complete(JobId job, String token, JobResult result) {
    return say(
        job,
        "complete",
        Map.of(
            "token",
            token,
            "kind",
            result instanceof JobResult.Way ? JobKind.SESSION.text() : JobKind.PROBE.text(),
            "result",
            JobTrees.of(result)));
  }

  @Override
  public LeaseAnswer fail(JobId job, String token, String problem, boolean again) {
    return say(job, "fail", Map.of("token", token, "problem", problem, "again", again));
  }

  @Override
  public LeaseAnswer giveBack(JobId job, String token) {
    return say(job, "return", Map.of("token", token));
  }

  private LeaseAnswer say(JobId job, String word, Map<String, Object> body) {
    Map<String, Object> answer = ask("POST", "/jobs/" + job + "/" + word, body, ANSWER);
    String text = reading(() -> JobTrees.text(answer, "answer"));
    for (LeaseAnswer one : LeaseAnswer.values()) {
      if (one.name().equalsIgnoreCase(text)) {
        return one;
      }
    }
    throw new JobsUnavailableException("the gateway answered something unknown", null);
  }

  private static <T> T reading(java.util.function.Supplier<T> read) {
    try {
      return read.get();
    } catch (IllegalArgumentException e) {
      throw new JobsUnavailableException("the gateway's answer cannot be read", e);
    }
  }

  private Map<String, Object> ask(
      String method, String path, Map<String, Object> body, Duration longest) {
    return tree(call(method, path, body, longest));
  }

  private static Map<String, Object> tree(GatewayCalls.Answer answer) {
    if (answer.status() != 200) {
      throw unexpected(answer);
    }
    return reading(() -> JobTrees.tree(answer.text()));
  }

  private static JobsUnavailableException unexpected(GatewayCalls.Answer answer) {
    return new JobsUnavailableException(
        "the gateway answered with HTTP status " + answer.status(), null);
  }

  private GatewayCalls.Answer call(
      String method, String path, Map<String, Object> body, Duration longest) {
    try {
      byte[] json =
          body.isEmpty() ? new byte[0] : JobTrees.json(body).getBytes(StandardCharsets.UTF_8);
      return gateway.call(method, path, "application/json", json, longest);
    } catch (IOException e) {
      throw new JobsUnavailableException("the gateway cannot be reached", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JobsUnavailableException("stopped while asking the gateway", e);
    }
  }
}
