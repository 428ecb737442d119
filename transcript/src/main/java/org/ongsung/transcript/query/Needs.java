package org.ongsung.transcript.query;

import java.util.List;

/// What a line must hold to match: for narrowing, never for deciding.
public sealed interface Needs {
  /// Nothing is known; every line may match.
  record Nothing() implements Needs {}

  /// All of these grams.
  record Held(List<Grams.Gram> grams) implements Needs {
    public Held {
      grams = List.copyOf(grams);
    }
  }

  /// All of them.
  record All(List<Needs> parts) implements Needs {
    public All {
      parts = List.copyOf(parts);
    }
  }

  /// At least one of them.
  record Any(List<Needs> parts) implements Needs {
    public Any {
      parts = List.copyOf(parts);
    }
  }

  /// Nothing is known.
  Needs NOTHING = new Nothing();

  /// What a line that holds `part` (folded) must hold.
  static Needs holding(int[] part) {
    List<Grams.Gram> grams = Grams.ofPart(part);
    return grams.isEmpty() ? NOTHING : new Held(grams);
  }

  /// All of `parts`, without those that say nothing.
  static Needs all(List<Needs> parts) {
    List<Needs> known = parts.stream().filter(part -> !(part instanceof Nothing)).toList();
    return switch (known.size()) {
      case 0 -> NOTHING;
      case 1 -> known.getFirst();
      default -> new All(known);
    };
  }

  /// One of `parts`; nothing, when one of them says nothing.
  static Needs any(List<Needs> parts) {
    if (parts.isEmpty() || parts.stream().anyMatch(part -> part instanceof Nothing)) {
      return NOTHING;
    }
    return parts.size() == 1 ? parts.getFirst() : new Any(parts);
  }
}
