package org.ongsung.practice.shell;

/// A file-name pattern: `*`, `?`, `[a-z]`, `[!x]`, and `\` before what stands for itself. Matching
/// takes time in proportion to pattern × name, never more.
final class GlobPattern {
  private final String pattern;

  GlobPattern(String pattern) {
    this.pattern = pattern;
  }

  boolean matches(String name) {
    int p = 0;
    int n = 0;
    int star = -1;
    int starName = 0;
    while (n < name.length()) {
      int end = p < pattern.length() ? oneEnd(p) : -1;
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        starName = n;
      } else if (end > 0 && matchesOne(p, end, name.charAt(n))) {
        p = end;
        n++;
      } else if (star >= 0) {
        // Only the last star needs to be tried again.
        p = star + 1;
        n = ++starName;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  /// Where the element that begins at `p` and stands for one character ends.
  private int oneEnd(int p) {
    return switch (pattern.charAt(p)) {
      case '\\' -> Math.min(p + 2, pattern.length());
      case '[' -> {
        int close = pattern.indexOf(']', p + 2);
        yield close < 0 ? p + 1 : close + 1;
      }
      default -> p + 1;
    };
  }

  private boolean matchesOne(int p, int end, char c) {
    char first = pattern.charAt(p);
    return switch (first) {
      case '?' -> true;
      case '\\' -> end == p + 2 ? pattern.charAt(p + 1) == c : c == '\\';
      case '[' -> end == p + 1 ? c == '[' : inClass(p + 1, end - 1, c);
      default -> first == c;
    };
  }

  private boolean inClass(int from, int to, char c) {
    boolean negated = pattern.charAt(from) == '!' || pattern.charAt(from) == '^';
    boolean inside = false;
    for (int at = negated ? from + 1 : from; at < to; at++) {
      if (at + 2 < to && pattern.charAt(at + 1) == '-') {
        inside |= c >= pattern.charAt(at) && c <= pattern.charAt(at + 2);
        at += 2;
      } else {
        inside |= c == pattern.charAt(at);
      }
    }
    return inside != negated;
  }
}
