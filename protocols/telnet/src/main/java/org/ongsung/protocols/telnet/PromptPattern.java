package org.ongsung.protocols.telnet;

import java.util.List;
import java.util.Locale;

/// A pattern of [org.ongsung.model.LoginPrompts]: `*` stands for any characters, `?` for one. Time
/// grows with text times pattern, both bounded; nothing backtracks further.
record PromptPattern(String pattern) {
  PromptPattern {
    pattern = pattern.toLowerCase(Locale.ROOT).stripTrailing();
  }

  /// Whether any of `patterns` fits the whole of `line`.
  static boolean anyFits(List<String> patterns, String line) {
    return patterns.stream().anyMatch(text -> new PromptPattern(text).fits(line));
  }

  /// Whether the whole of `line` fits, without regard to case and to spaces at its end.
  boolean fits(String line) {
    String text = line.toLowerCase(Locale.ROOT).stripTrailing();
    int at = 0;
    int in = 0;
    int star = -1;
    int resume = 0;
    while (at < text.length()) {
      if (in < pattern.length() && pattern.charAt(in) == '*') {
        star = in++;
        resume = at;
      } else if (in < pattern.length()
          && (pattern.charAt(in) == '?' || pattern.charAt(in) == text.charAt(at))) {
        in++;
        at++;
      } else if (star >= 0) {
        in = star + 1;
        at = ++resume;
      } else {
        return false;
      }
    }
    while (in < pattern.length() && pattern.charAt(in) == '*') {
      in++;
    }
    return in == pattern.length();
  }
}
