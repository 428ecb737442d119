package org.ongsung.practice.shell;

import java.util.List;

/// A command line, parsed.
record Script(List<Step> steps) {
  /// When a step runs.
  enum When {
    ALWAYS,
    AFTER_SUCCESS,
    AFTER_FAILURE
  }

  /// One pipeline and when it runs.
  record Step(When when, List<Simple> pipeline) {}

  /// One command: assignments, words, redirections.
  record Simple(List<Word> words, List<Redirect> redirects) {}

  /// A word before expansion.
  record Word(List<Part> parts) {}

  /// A piece of a word: literal text, or the name of a variable whose value stands there.
  record Part(String text, boolean variable, boolean quoted) {}

  /// What a redirection does.
  enum Mode {
    READ,
    WRITE,
    APPEND,
    DUPLICATE
  }

  /// A redirection of descriptor 0, 1 or 2.
  record Redirect(int descriptor, Mode mode, Word target) {}
}
