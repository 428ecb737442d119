package org.ongsung.server.doctor;

import org.ongsung.cli.words.Phrase;

/// What one look has found.
///
/// @param about what was looked at, in a word
/// @param message what is so
/// @param advice what to do; empty when all is well
public record Finding(String about, State state, Phrase message, Phrase advice) {
  /// How bad it is.
  public enum State {
    /// As it should be.
    OK,
    /// Works, and may not for long.
    WARNING,
    /// Does not work.
    PROBLEM
  }

  static Finding ok(String about, Phrase message) {
    return new Finding(about, State.OK, message, Phrase.none());
  }

  static Finding warning(String about, Phrase message, Phrase advice) {
    return new Finding(about, State.WARNING, message, advice);
  }

  static Finding problem(String about, Phrase message, Phrase advice) {
    return new Finding(about, State.PROBLEM, message, advice);
  }
}
