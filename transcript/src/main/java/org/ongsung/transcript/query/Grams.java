package org.ongsung.transcript.query;

import java.util.ArrayList;
import java.util.List;

/// The pieces of texts that the index knows: every three characters in a row, over the end of the
/// line with [#PAD] in place of what is missing, and of Hangul and Chinese characters every one and
/// every two.
public final class Grams {
  /// Stands behind the end of a line; no line holds it.
  public static final int PAD = 0;

  private Grams() {}

  /// Takes grams; the array is valid within the call only.
  public interface Taker {
    /// A gram of one to three characters.
    void take(int[] points, int from, int length);
  }

  /// Whether a character stands for a syllable or a word by itself.
  static boolean isWide(int c) {
    return c >= 0x1100
        && (c <= 0x11ff
            || (c >= 0x2e80 && c <= 0x9fff)
            || (c >= 0xa960 && c <= 0xa97f)
            || (c >= 0xac00 && c <= 0xd7ff)
            || (c >= 0xf900 && c <= 0xfaff)
            || (c >= 0x20000 && c <= 0x3ffff));
  }

  /// The grams of a folded line.
  ///
  /// @param points the line, and room for two more
  public static void ofLine(int[] points, int length, Taker taker) {
    points[length] = PAD;
    points[length + 1] = PAD;
    for (int at = 0; at < length; at++) {
      taker.take(points, at, 3);
      if (isWide(points[at])) {
        taker.take(points, at, 1);
        if (at + 1 < length && isWide(points[at + 1])) {
          taker.take(points, at, 2);
        }
      }
    }
  }

  /// What a line that holds the folded `part` has for sure; empty when that is nothing that the
  /// index knows.
  static List<Gram> ofPart(int[] part) {
    List<Gram> grams = new ArrayList<>();
    if (part.length >= 3) {
      for (int at = 0; at + 3 <= part.length; at++) {
        grams.add(new Gram(new String(part, at, 3), false));
      }
    } else if (part.length == 2) {
      boolean wide = isWide(part[0]) && isWide(part[1]);
      grams.add(new Gram(new String(part, 0, 2), !wide));
    } else if (part.length == 1 && isWide(part[0])) {
      grams.add(new Gram(new String(part, 0, 1), false));
    }
    return grams.stream().distinct().toList();
  }

  /// A gram that is asked for.
  ///
  /// @param prefix whether every gram that begins with it will do
  public record Gram(String text, boolean prefix) {}
}
