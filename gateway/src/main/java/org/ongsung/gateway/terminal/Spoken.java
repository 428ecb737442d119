package org.ongsung.gateway.terminal;

import java.util.Locale;

/// A line for a person, in no language until it is shown; without a line end.
@FunctionalInterface
public interface Spoken {
  /// The line, Korean or English.
  String in(Locale locale);
}
