package org.ongsung.transcript.query;

import java.util.List;

/// The characters that are the same but for their case, as regular expressions have it.
final class CaseVariants {
  private CaseVariants() {}

  /// Adds the variants of `c` as ranges.
  static void of(int c, List<int[]> ranges) {
    int upper = Character.toUpperCase(c);
    int lower = Character.toLowerCase(c);
    if (upper == lower) {
      return;
    }
    for (int variant :
        new int[] {upper, lower, Character.toTitleCase(c), Character.toLowerCase(upper)}) {
      ranges.add(new int[] {variant, variant});
    }
    switch (Character.toLowerCase(upper)) {
      case 'k' -> ranges.add(new int[] {0x212a, 0x212a}); // the sign of kelvin
      case 's' -> ranges.add(new int[] {0x17f, 0x17f}); // the long s
      case 0xe5 -> ranges.add(new int[] {0x212b, 0x212b}); // the sign of ångström
      case 0x3c3 -> ranges.add(new int[] {0x3c2, 0x3c2}); // the final sigma
      default -> {}
    }
  }
}
