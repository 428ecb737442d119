package org.ongsung.console.http;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ongsung.directory.Problem;

/// A request that ends here: the status, a stable code for programs, and a sentence for the person.
/// Carries no cause and no internals.
public final class HttpProblem extends RuntimeException {
  private final int status;
  private final String code;
  private final transient List<String> lines;
  private final transient List<Problem> problems;
  private final @Nullable Duration retryAfter;

  /// @param status 400 to 599
  /// @param code such as `not-found`; pages look up `error.CODE` in the message bundles
  /// @param lines what is wrong in English, one line each; may be empty where the code says it all
  public HttpProblem(int status, String code, List<String> lines) {
    this(status, code, lines, List.of(), null);
  }

  private HttpProblem(
      int status,
      String code,
      List<String> lines,
      List<Problem> problems,
      @Nullable Duration retryAfter) {
    super(code + ": " + String.join("; ", lines), null, false, false);
    this.status = status;
    this.code = code;
    this.lines = List.copyOf(lines);
    this.problems = List.copyOf(problems);
    this.retryAfter = retryAfter;
  }

  public HttpProblem(int status, String code, String line) {
    this(status, code, List.of(line));
  }

  public static HttpProblem badRequest(String line) {
    return new HttpProblem(400, "bad-request", line);
  }

  public static HttpProblem notFound() {
    return new HttpProblem(404, "not-found", "there is nothing here, or nothing for you to see");
  }

  /// A change that the directory does not take, with each of its problems.
  public static HttpProblem ruleBroken(List<Problem> problems) {
    return new HttpProblem(422, "rule-broken", Problem.texts(problems), problems, null);
  }

  /// Too much at once; the same request may do well after a while.
  ///
  /// @param status 429 where it is the caller's doing, 503 where it is everybody's
  public static HttpProblem busy(int status, String code, String line, Duration retryAfter) {
    return new HttpProblem(status, code, List.of(line), List.of(), retryAfter);
  }

  /// More passwords are being hashed than this gateway does at once.
  public static HttpProblem passwordsBusy(Duration retryAfter) {
    return busy(
        503,
        "passwords-busy",
        "too many passwords are being checked at this moment; try again in "
            + seconds(retryAfter)
            + " seconds",
        retryAfter);
  }

  private static long seconds(Duration duration) {
    return Math.max(1, duration.plusMillis(999).toSeconds());
  }

  /// For the header `Retry-After`, in seconds (RFC 9110 section 10.2.3).
  public Optional<String> retryAfterSeconds() {
    return Optional.ofNullable(retryAfter).map(HttpProblem::seconds).map(String::valueOf);
  }

  /// What the directory has against it; pages write it in the reader's language.
  public List<Problem> problems() {
    return problems;
  }

  public int status() {
    return status;
  }

  public String code() {
    return code;
  }

  public List<String> lines() {
    return lines;
  }
}
