package org.ongsung.console.http;

import java.util.List;

/// A request that ends here: the status, a stable code for programs, and a sentence for the person.
/// Carries no cause and no internals.
public final class HttpProblem extends RuntimeException {
  private final int status;
  private final String code;
  private final transient List<String> lines;

  /// @param status 400 to 599
  /// @param code such as `not-found`; pages look up `error.CODE` in the message bundles
  /// @param lines what is wrong in English, one line each; may be empty where the code says it all
  public HttpProblem(int status, String code, List<String> lines) {
    super(code + ": " + String.join("; ", lines), null, false, false);
    this.status = status;
    this.code = code;
    this.lines = List.copyOf(lines);
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
