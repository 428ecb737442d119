package org.ongsung.transcript.render;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a prompt ends, when nothing said so: by the prompt before, by what was typed, or by the
/// characters that prompts commonly end with.
final class Prompts {
  // Possessive and bounded, so that it takes linear time on any line.
  private static final Pattern USUAL = Pattern.compile("[^$#%>❯➜»]{0,200}+[$#%>❯➜»] ");

  private String last = "";

  /// A prompt and what stands behind it.
  record Split(String prompt, String text) {}

  /// Remembers a prompt that is known for sure.
  void learn(String prompt) {
    if (!prompt.isBlank()) {
      last = prompt.stripTrailing();
    }
  }

  boolean isLast(String prompt) {
    return !last.isEmpty() && prompt.stripTrailing().equals(last);
  }

  /// Splits a line of which nothing is known but the typed text, if that.
  Split split(String line, TypedLine typed) {
    if (!last.isEmpty() && line.startsWith(last)) {
      return new Split(last, line.substring(last.length()).strip());
    }
    String text = typed.text().strip();
    if (typed.isCertain() && !text.isEmpty() && line.endsWith(text)) {
      return new Split(line.substring(0, line.length() - text.length()).strip(), text);
    }
    Matcher usual = USUAL.matcher(line + " ");
    if (usual.lookingAt()) {
      int end = Math.min(usual.end(), line.length());
      return new Split(line.substring(0, end).strip(), line.substring(end).strip());
    }
    return new Split("", line.strip());
  }
}
