package org.ongsung.gateway.terminal;

/// What became of a person's wish for a terminal.
public sealed interface TerminalOutcome {
  /// There was none; `why` is for the person.
  record NotReached(Spoken why) implements TerminalOutcome {}

  /// The person or the target ended it.
  record Over(TerminalExit exit) implements TerminalOutcome {}

  /// The gateway ended it, or the connection to the target was lost; the person has been told.
  record CutOff() implements TerminalOutcome {}
}
