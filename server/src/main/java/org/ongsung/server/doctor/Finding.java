package org.ongsung.server.doctor;

/// What one look has found.
///
/// @param about what was looked at, in a word
/// @param message what is so
/// @param advice what to do; empty when all is well
public record Finding(String about, State state, String message, String advice) {
  /// How bad it is.
  public enum State {
    /// As it should be.
    OK,
    /// Works, and may not for long.
    WARNING,
    /// Does not work.
    PROBLEM
  }

  static Finding ok(String about, String message) {
    return new Finding(about, State.OK, message, "");
  }

  static Finding warning(String about, String message, String advice) {
    return new Finding(about, State.WARNING, message, advice);
  }

  static Finding problem(String about, String message, String advice) {
    return new Finding(about, State.PROBLEM, message, advice);
  }
}
