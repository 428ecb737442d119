package org.ongsung.transcript.query;

import java.text.Normalizer;

/// Texts as they are compared: composed (NFC), each character without its case. A folded text has
/// as many characters as the composed one.
public final class Fold {
  private Fold() {}

  /// The code points of `text`, folded.
  public static int[] codePoints(String text) {
    String composed =
        Normalizer.isNormalized(text, Normalizer.Form.NFC)
            ? text
            : Normalizer.normalize(text, Normalizer.Form.NFC);
    int[] points = new int[composed.length()];
    int length = 0;
    for (int at = 0; at < composed.length(); ) {
      int c = composed.charAt(at);
      if (Character.isSurrogate((char) c)) {
        c = composed.codePointAt(at);
      }
      at += Character.charCount(c);
      points[length++] = fold(c);
    }
    return length == points.length ? points : java.util.Arrays.copyOf(points, length);
  }

  /// `text`, folded.
  public static String text(String text) {
    int[] points = codePoints(text);
    return new String(points, 0, points.length);
  }

  /// One character without its case. Through upper case, so that characters with two small forms
  /// meet.
  public static int fold(int c) {
    if (c < 0x80) {
      return c >= 'A' && c <= 'Z' ? c + 32 : c;
    }
    if (c >= 0x1100 && c <= 0xd7ff && (c >= 0x2e80 || c <= 0x11ff)) {
      return c; // Hangul and Chinese characters have no case
    }
    return Character.toLowerCase(Character.toUpperCase(c));
  }
}
