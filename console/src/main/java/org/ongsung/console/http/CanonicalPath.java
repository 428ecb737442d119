package org.ongsung.console.http;

import org.eclipse.jetty.http.HttpURI;

/// The one reading of a request's path. Whatever two readers could read in two ways is refused, so
/// that what is authorised is what is served.
final class CanonicalPath {
  private CanonicalPath() {}

  /// The decoded path.
  ///
  /// @throws HttpProblem 400 for path parameters (`;`), encoded slashes, percent signs, dots and
  ///   NUL, empty segments, dot segments, backslashes and control characters
  static String of(HttpURI uri) {
    String raw = uri.getPath();
    String path = uri.getCanonicalPath();
    if (raw == null || path == null || !raw.startsWith("/") || uri.getParam() != null) {
      throw ambiguous();
    }
    String lower = raw.toLowerCase(java.util.Locale.ROOT);
    boolean ambiguous =
        raw.indexOf(';') >= 0
            || raw.indexOf('\\') >= 0
            || raw.contains("//")
            || lower.contains("%2f")
            || lower.contains("%5c")
            || lower.contains("%25")
            || lower.contains("%2e")
            || lower.contains("%00")
            || hasDotSegment(raw)
            || path.codePoints().anyMatch(Character::isISOControl);
    if (ambiguous) {
      throw ambiguous();
    }
    return path;
  }

  private static boolean hasDotSegment(String raw) {
    String closed = raw + "/";
    return closed.contains("/./") || closed.contains("/../");
  }

  private static HttpProblem ambiguous() {
    return new HttpProblem(400, "ambiguous-address", "that address can be read in two ways");
  }
}
