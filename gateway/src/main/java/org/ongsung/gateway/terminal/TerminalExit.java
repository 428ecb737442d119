package org.ongsung.gateway.terminal;

import org.jspecify.annotations.Nullable;

/// How the program on a terminal ended, as far as the target tells.
///
/// @param signal the signal's name without `SIG`
public record TerminalExit(@Nullable Integer status, @Nullable String signal) {
  /// The target tells nothing.
  public static final TerminalExit UNKNOWN = new TerminalExit(null, null);
}
