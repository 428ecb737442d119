package org.ongsung.transcript.screen;

/// The numbers of a control sequence, `;` between them; sub-parameters behind `:` are left out.
/// What is larger than any screen is brought down.
final class Parameters {
  /// The largest number, inclusive.
  static final int MAX = 9_999;

  private final int[] values;
  private int size;
  private boolean inSub;

  Parameters(int most) {
    values = new int[most];
  }

  void reset() {
    size = 0;
    inSub = false;
  }

  void take(char c) {
    if (size == 0) {
      size = 1;
      values[0] = -1;
    }
    if (c == ';') {
      inSub = false;
      size++;
      if (size <= values.length) {
        values[size - 1] = -1;
      }
    } else if (c == ':') {
      inSub = true;
    } else if (!inSub && size <= values.length) {
      int before = Math.max(0, values[size - 1]);
      values[size - 1] = Math.min(MAX, before * 10 + c - '0');
    }
  }

  int size() {
    return Math.min(size, values.length);
  }

  /// The number at `index`, or `missing`.
  int value(int index, int missing) {
    return index < size() && values[index] >= 0 ? values[index] : missing;
  }

  /// The number at `index` as a count: 1 where it is missing or 0.
  int count(int index) {
    return Math.max(1, value(index, 1));
  }
}
