package org.ongsung.transcript.index;

import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.BytesTermAttribute;
import org.apache.lucene.util.BytesRefBuilder;
import org.ongsung.transcript.query.Fold;
import org.ongsung.transcript.query.Grams;

/// The grams of one line after the other, for the index. One thread at a time.
final class GramTokens extends TokenStream {
  private final BytesTermAttribute term = addAttribute(BytesTermAttribute.class);
  private final BytesRefBuilder bytes = new BytesRefBuilder();
  private int[] points = new int[256];
  private int[] starts = new int[256];
  private int count;
  private int next;

  /// Takes the grams of `text` for the next document.
  void line(String text) {
    int[] folded = Fold.codePoints(text);
    if (points.length < folded.length + 2) {
      points = new int[folded.length + 2];
    }
    System.arraycopy(folded, 0, points, 0, folded.length);
    count = 0;
    Grams.ofLine(points, folded.length, (all, from, length) -> keep(from, length));
  }

  private void keep(int from, int length) {
    if (count == starts.length) {
      starts = java.util.Arrays.copyOf(starts, count * 2);
    }
    starts[count++] = (from << 2) | length;
  }

  @Override
  public void reset() {
    next = 0;
  }

  @Override
  public boolean incrementToken() {
    if (next == count) {
      return false;
    }
    clearAttributes();
    int from = starts[next] >> 2;
    int length = starts[next] & 3;
    next++;
    bytes.clear();
    for (int i = from; i < from + length; i++) {
      append(points[i]);
    }
    term.setBytesRef(bytes.get());
    return true;
  }

  private void append(int c) {
    if (c < 0x80) {
      bytes.append((byte) c);
    } else if (c < 0x800) {
      bytes.append((byte) (0xc0 | (c >> 6)));
      bytes.append((byte) (0x80 | (c & 0x3f)));
    } else if (c < 0x10000) {
      bytes.append((byte) (0xe0 | (c >> 12)));
      bytes.append((byte) (0x80 | ((c >> 6) & 0x3f)));
      bytes.append((byte) (0x80 | (c & 0x3f)));
    } else {
      bytes.append((byte) (0xf0 | (c >> 18)));
      bytes.append((byte) (0x80 | ((c >> 12) & 0x3f)));
      bytes.append((byte) (0x80 | ((c >> 6) & 0x3f)));
      bytes.append((byte) (0x80 | (c & 0x3f)));
    }
  }
}
