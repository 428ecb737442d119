package org.ongsung.transcript.query;

import java.util.List;

/// What is looked for in a line's text. For any thread.
public sealed interface LinePattern permits EveryLine, Words, Expression {
  /// What a line that matches must hold.
  Needs needs();

  /// Whether a line may match, told from its UTF-8 bytes at little cost; true when in doubt.
  boolean mayMatch(byte[] utf8, int offset, int length);

  /// Whether a line matches.
  boolean matches(String text);

  /// Where in `text` it matches, for marking: pairs of begin and end, ascending, at most `most`.
  ///
  /// @param untilNanos when to be content with what is marked, as [System#nanoTime]: one match may
  ///   take tenths of a second
  List<int[]> marks(String text, int most, long untilNanos);
}
