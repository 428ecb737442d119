package org.ongsung.transcript.screen;

import java.text.Normalizer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One row of a screen. Keeps only as many cells as are written, so that a wide and empty screen
/// costs little. A row stays the same object while it scrolls. Not for several threads.
public final class Row {
  /// The second column of a wide character.
  private static final int TAIL = -1;

  private static final int BLANK = 0;

  /// The most marks that join one character, inclusive; more are dropped.
  private static final int MAX_MARKS = 8;

  private int[] cells = new int[0];
  private int length;
  // Marks that join the character of a column; seldom there.
  private @Nullable StringBuilder @Nullable [] marks;
  private boolean wrapped;
  private boolean changed;
  private long changedMicros;

  /// Whether the text goes on in the next row, because the end of this one was reached.
  public boolean wrapped() {
    return wrapped;
  }

  void wrapped(boolean goesOn) {
    wrapped = goesOn;
  }

  /// Whether anything was written or erased since [#taken].
  public boolean changed() {
    return changed;
  }

  /// When something was last written, in microseconds of the recording.
  public long changedMicros() {
    return changedMicros;
  }

  /// Says that the text was read, so that it is not read again unless it changes.
  public void taken() {
    changed = false;
  }

  /// The text, composed (NFC), without the blanks at its end.
  public String text() {
    return text(0, length).stripTrailing();
  }

  /// The text of columns `from` to before `to`, composed, with its blanks.
  public String text(int from, int to) {
    StringBuilder text = new StringBuilder();
    boolean plain = true;
    for (int column = Math.max(0, from); column < Math.min(to, length); column++) {
      int cell = cells[column];
      if (cell != TAIL) {
        text.appendCodePoint(cell == BLANK ? ' ' : cell);
        plain &= cell < 0x80;
      }
      if (marks != null && column < marks.length && marks[column] != null) {
        text.append(marks[column]);
        plain = false;
      }
    }
    return plain ? text.toString() : Normalizer.normalize(text, Normalizer.Form.NFC);
  }

  /// How many columns are written.
  int length() {
    return length;
  }

  void put(int column, int codePoint, int width, long micros) {
    ensure(column + width);
    breakWide(column);
    if (width == 2) {
      breakWide(column + 1);
      set(column + 1, TAIL);
    }
    set(column, codePoint);
    length = Math.max(length, column + width);
    touch(micros);
  }

  /// Adds a mark to the character that ends before `column`.
  void join(int column, int codePoint, long micros) {
    int at = column - 1;
    if (at >= 0 && at < length && cells[at] == TAIL) {
      at--;
    }
    if (at < 0 || at >= length) {
      return;
    }
    if (marks == null || marks.length < cells.length) {
      @Nullable StringBuilder[] grown = new @Nullable StringBuilder[cells.length];
      if (marks != null) {
        System.arraycopy(marks, 0, grown, 0, marks.length);
      }
      marks = grown;
    }
    StringBuilder joined = marks[at];
    if (joined == null) {
      joined = new StringBuilder(2);
      marks[at] = joined;
    }
    if (joined.codePointCount(0, joined.length()) < MAX_MARKS) {
      joined.appendCodePoint(codePoint);
    }
    touch(micros);
  }

  /// Makes columns `from` to before `to` blank.
  void erase(int from, int to, long micros) {
    int end = Math.min(to, length);
    if (from >= end) {
      return;
    }
    breakWide(from);
    if (end < length) {
      breakWide(end);
    }
    for (int column = from; column < end; column++) {
      set(column, BLANK);
    }
    if (end == length) {
      length = from;
    }
    touch(micros);
  }

  /// Moves what stands from `column` on to the right, and drops what passes `width`.
  void insert(int column, int count, int width, long micros) {
    if (column < length) {
      breakWide(column);
      int kept = Math.max(0, Math.min(length, width - count) - column);
      ensure(column + count + kept);
      System.arraycopy(cells, column, cells, column + count, kept);
      @Nullable StringBuilder[] all = coveringMarks();
      if (all != null) {
        System.arraycopy(all, column, all, column + count, kept);
      }
      for (int i = column; i < column + count; i++) {
        set(i, BLANK);
      }
      length = column + count + kept;
      cutTail();
      touch(micros);
    }
  }

  /// Takes columns out; what is right of them moves to the left.
  void delete(int column, int count, long micros) {
    if (column >= length) {
      return;
    }
    breakWide(column);
    int from = Math.min(length, column + count);
    if (from < length) {
      breakWide(from);
    }
    System.arraycopy(cells, from, cells, column, length - from);
    @Nullable StringBuilder[] all = coveringMarks();
    if (all != null) {
      System.arraycopy(all, from, all, column, length - from);
      Arrays.fill(all, column + length - from, length, null);
    }
    length = column + length - from;
    touch(micros);
  }

  /// Drops what stands beyond `width`.
  void narrow(int width) {
    if (length > width) {
      length = width;
      cutTail();
      cells = Arrays.copyOf(cells, Math.max(length, 0));
      marks = marks == null ? null : Arrays.copyOf(marks, length);
    }
  }

  /// The marks, with a place for every cell; null where there are none.
  private @Nullable StringBuilder @Nullable [] coveringMarks() {
    if (marks != null && marks.length < cells.length) {
      marks = Arrays.copyOf(marks, cells.length);
    }
    return marks;
  }

  private void cutTail() {
    // A wide character whose second half is gone.
    if (length > 0 && cells[length - 1] > 0x10ff && CellWidth.of(cells[length - 1]) == 2) {
      length--;
    }
  }

  private void set(int column, int cell) {
    cells[column] = cell;
    if (marks != null && column < marks.length) {
      marks[column] = null;
    }
  }

  /// Blanks the other half of a wide character that is written over at `column`.
  private void breakWide(int column) {
    if (column < length && cells[column] == TAIL && column > 0) {
      set(column - 1, BLANK);
      set(column, BLANK);
    } else if (column + 1 < length && cells[column + 1] == TAIL) {
      set(column, BLANK);
      set(column + 1, BLANK);
    }
  }

  private void ensure(int columns) {
    if (columns > cells.length) {
      cells = Arrays.copyOf(cells, Math.max(columns, cells.length + 16));
    }
    // What lies beyond the end may be left from before.
    for (int column = length; column < columns; column++) {
      set(column, BLANK);
    }
  }

  private void touch(long micros) {
    changed = true;
    changedMicros = micros;
  }
}
