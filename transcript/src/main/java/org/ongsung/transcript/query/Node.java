package org.ongsung.transcript.query;

import java.util.List;

/// A part of a regular expression that was read.
sealed interface Node {
  /// One of some characters.
  final class Chars implements Node {
    private final int[] ranges;

    /// @param ranges pairs of first and last code point, ascending; not changed any more
    Chars(int[] ranges) {
      this.ranges = ranges;
    }

    int[] ranges() {
      return ranges;
    }

    /// The only character there is, whatever its case; or -1.
    int single() {
      int folded = -1;
      int count = 0;
      for (int i = 0; i < ranges.length; i += 2) {
        count += ranges[i + 1] - ranges[i] + 1;
        if (count > 6) {
          return -1;
        }
        for (int c = ranges[i]; c <= ranges[i + 1]; c++) {
          int next = Fold.fold(c);
          if (folded >= 0 && next != folded) {
            return -1;
          }
          folded = next;
        }
      }
      return folded;
    }
  }

  /// One after the other.
  record Sequence(List<Node> parts) implements Node {}

  /// One of them.
  record Choice(List<Node> parts) implements Node {}

  /// Again and again.
  ///
  /// @param most -1 for without end
  record Repeat(Node part, int least, int most) implements Node {}

  /// A condition that takes no character, such as a word's border.
  record Condition() implements Node {}

  /// How many instructions it becomes, at least about.
  default long size() {
    return switch (this) {
      case Chars chars -> 1 + chars.ranges().length / 8;
      case Sequence(List<Node> parts) -> 1 + parts.stream().mapToLong(Node::size).sum();
      case Choice(List<Node> parts) -> 1 + parts.stream().mapToLong(part -> part.size() + 1).sum();
      case Repeat(Node part, int least, int most) ->
          1 + (part.size() + 1) * Math.max(1, Math.max(least, most));
      case Condition() -> 1;
    };
  }
}
