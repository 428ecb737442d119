package org.ongsung.console.http;

import java.io.IOException;

/// Where a request stands among those that were made on account of one another.
///
/// @param root names the request from outside that all of them go back to, for the log
/// @param depth 0 for the request from outside, 1 for what it asks of the system, and so on
public record Nesting(String root, int depth) {
  /// How deep requests may be nested, inclusive. A flow that people use has one or two.
  public static final int MAX_DEPTH = 8;

  private static final ScopedValue<Nesting> ANSWERED = ScopedValue.newInstance();

  public Nesting {
    if (depth < 0 || depth > MAX_DEPTH) {
      throw new IllegalArgumentException("no such depth: " + depth);
    }
  }

  /// A request from outside. What it says of its own depth is never asked for.
  static Nesting outermost() {
    return new Nesting(TraceId.next(), 0);
  }

  /// That of the request which this thread is answering; of none, one of its own.
  static Nesting ofThisThread() {
    return ANSWERED.isBound() ? ANSWERED.get() : outermost();
  }

  /// Answers the request that stands here.
  <T> T answering(Place.Rest<T> answer) throws IOException, InterruptedException {
    try {
      return ScopedValue.where(ANSWERED, this).call(answer::take);
    } catch (IOException | InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e); // there is no other
    }
  }

  /// One deeper.
  ///
  /// @throws HttpProblem 508 past [#MAX_DEPTH] (RFC 5842 section 7.2)
  Nesting deeper() {
    if (depth == MAX_DEPTH) {
      throw new HttpProblem(
          508, "nested-too-deep", "this request asks for itself again and again, so it was ended");
    }
    return new Nesting(root, depth + 1);
  }
}
