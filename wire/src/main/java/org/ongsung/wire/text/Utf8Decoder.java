package org.ongsung.wire.text;

import java.nio.charset.StandardCharsets;

/// A streaming UTF-8 decoder that never fails: what is not UTF-8 becomes U+FFFD and is counted.
///
/// A sequence cut by the border of a chunk is carried over to the next one, so that the result does
/// not depend on how the stream was cut. Each *maximal subpart* of an ill-formed sequence becomes
/// one U+FFFD (Unicode 16, section 3.9, table 3-8; the same as the WHATWG decoder and as Java's
/// own). No byte order mark is removed.
///
/// One stream, one decoder, one thread at a time.
public final class Utf8Decoder {
  private static final char REPLACEMENT = '\uFFFD';

  private int codePoint;
  private int missing;
  private int lowerBound = 0x80;
  private int upperBound = 0xBF;
  private long replacements;

  /// Decodes the whole of `bytes` as one piece of text.
  public static String decode(byte[] bytes, int offset, int length) {
    if (isAscii(bytes, offset, length)) {
      return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
    }
    StringBuilder text = new StringBuilder(length);
    Utf8Decoder decoder = new Utf8Decoder();
    decoder.decode(bytes, offset, length, text);
    decoder.finish(text);
    return text.toString();
  }

  /// Appends to `text` the characters that `length` more bytes complete.
  public void decode(byte[] bytes, int offset, int length, StringBuilder text) {
    int end = offset + length;
    for (int at = offset; at < end; at++) {
      if (missing == 0 && bytes[at] >= 0) {
        // Most of most streams: a run of ASCII goes over in one piece.
        int run = at + 1;
        while (run < end && bytes[run] >= 0) {
          run++;
        }
        text.append(new String(bytes, at, run - at, StandardCharsets.ISO_8859_1));
        at = run - 1;
        continue;
      }
      int octet = bytes[at] & 0xFF;
      if (missing > 0) {
        if (octet >= lowerBound && octet <= upperBound) {
          takeContinuation(octet, text);
          continue;
        }
        replacePending(text);
      }
      takeFirst(octet, text);
    }
  }

  /// Ends the stream: a sequence that was never completed becomes one U+FFFD.
  public void finish(StringBuilder text) {
    if (missing > 0) {
      replacePending(text);
    }
  }

  /// How many times U+FFFD was put in place of bytes that are not UTF-8.
  public long replacements() {
    return replacements;
  }

  /// Whether a sequence has begun that the next bytes must complete.
  public boolean pending() {
    return missing > 0;
  }

  private void takeFirst(int octet, StringBuilder text) {
    if (octet < 0x80) {
      text.append((char) octet);
    } else if (octet >= 0xC2 && octet <= 0xDF) {
      expect(octet & 0x1F, 1, 0x80, 0xBF);
    } else if (octet >= 0xE0 && octet <= 0xEF) {
      // No overlong forms (E0) and no surrogates (ED).
      expect(octet & 0x0F, 2, octet == 0xE0 ? 0xA0 : 0x80, octet == 0xED ? 0x9F : 0xBF);
    } else if (octet >= 0xF0 && octet <= 0xF4) {
      // No overlong forms (F0) and nothing past U+10FFFF (F4).
      expect(octet & 0x07, 3, octet == 0xF0 ? 0x90 : 0x80, octet == 0xF4 ? 0x8F : 0xBF);
    } else {
      replace(text);
    }
  }

  private void expect(int bits, int continuations, int lowest, int highest) {
    codePoint = bits;
    missing = continuations;
    lowerBound = lowest;
    upperBound = highest;
  }

  private void takeContinuation(int octet, StringBuilder text) {
    codePoint = codePoint << 6 | (octet & 0x3F);
    lowerBound = 0x80;
    upperBound = 0xBF;
    missing--;
    if (missing == 0) {
      text.appendCodePoint(codePoint);
    }
  }

  private void replacePending(StringBuilder text) {
    missing = 0;
    replace(text);
  }

  private void replace(StringBuilder text) {
    replacements++;
    text.append(REPLACEMENT);
  }

  private static boolean isAscii(byte[] bytes, int offset, int length) {
    int all = 0;
    for (int at = offset; at < offset + length; at++) {
      all |= bytes[at];
    }
    return all >= 0;
  }
}
