package org.ongsung.transcript.screen;

import java.util.Arrays;

/// Rows, a cursor, and what moves them. One of the two buffers of a [Screen]. Not for several
/// threads.
final class Grid {
  private final ScreenListener listener;
  private final boolean main;
  private Row[] rows;
  private int columns;
  private int x;
  private int y;
  private boolean wrapPending;
  private int top;
  private int bottom;
  private int savedX;
  private int savedY;
  private boolean savedOrigin;
  private long micros;

  boolean autowrap = true;
  boolean insert;
  boolean origin;
  boolean newline;

  /// @param main whether rows that leave it are told
  Grid(int columns, int height, boolean main, ScreenListener listener) {
    this.columns = columns;
    this.main = main;
    this.listener = listener;
    this.rows = fresh(height);
    this.bottom = height - 1;
  }

  private static Row[] fresh(int height) {
    Row[] rows = new Row[height];
    Arrays.setAll(rows, i -> new Row());
    return rows;
  }

  void now(long micros) {
    this.micros = micros;
  }

  Row row(int index) {
    return rows[index];
  }

  int height() {
    return rows.length;
  }

  int columns() {
    return columns;
  }

  int x() {
    return x;
  }

  int y() {
    return y;
  }

  boolean wrapPending() {
    return wrapPending;
  }

  int indexOf(Row row) {
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] == row) {
        return i;
      }
    }
    return -1;
  }

  void print(int codePoint) {
    int width = CellWidth.of(codePoint);
    if (width == 0) {
      rows[y].join(wrapPending ? x + 1 : x, codePoint, micros);
      return;
    }
    if (wrapPending || x + width > columns) {
      if (autowrap) {
        rows[y].wrapped(true);
        x = 0;
        wrapPending = false;
        down(false);
      } else {
        x = Math.max(0, columns - width);
        wrapPending = false;
      }
    }
    if (insert) {
      rows[y].insert(x, width, columns, micros);
    }
    rows[y].put(x, codePoint, width, micros);
    x += width;
    if (x >= columns) {
      x = columns - 1;
      wrapPending = autowrap;
    }
  }

  /// Down a row, scrolling at the lower margin.
  ///
  /// @param fed whether by a line feed, which ends the line
  void down(boolean fed) {
    wrapPending = false;
    if (fed) {
      if (main) {
        listener.lineFeed();
      }
      rows[y].wrapped(false);
    }
    if (y == bottom) {
      scrollUp(1);
    } else if (y < rows.length - 1) {
      y++;
    }
  }

  void lineFeed() {
    down(true);
    if (newline) {
      x = 0;
    }
  }

  void reverseIndex() {
    wrapPending = false;
    if (y == top) {
      scrollDown(1);
    } else if (y > 0) {
      y--;
    }
  }

  void scrollUp(int count) {
    shiftUp(top, count, true);
  }

  void scrollDown(int count) {
    shiftDown(top, count);
  }

  private void shiftUp(int from, int count, boolean leaves) {
    int n = Math.min(count, bottom - from + 1);
    if (n <= 0) {
      return;
    }
    if (main && leaves) {
      listener.scrollsOff(from, n);
    }
    Row[] gone = Arrays.copyOfRange(rows, from, from + n);
    System.arraycopy(rows, from + n, rows, from, bottom - from + 1 - n);
    for (int i = 0; i < gone.length; i++) {
      rows[bottom - n + 1 + i] = new Row();
    }
  }

  private void shiftDown(int from, int count) {
    int n = Math.min(count, bottom - from + 1);
    if (n <= 0) {
      return;
    }
    if (main) {
      listener.scrollsOff(bottom - n + 1, n);
    }
    System.arraycopy(rows, from, rows, from + n, bottom - from + 1 - n);
    for (int i = from; i < from + n; i++) {
      rows[i] = new Row();
    }
    if (from > 0) {
      rows[from - 1].wrapped(false);
    }
  }

  void insertLines(int count) {
    if (y >= top && y <= bottom) {
      shiftDown(y, count);
      x = 0;
      wrapPending = false;
    }
  }

  void deleteLines(int count) {
    if (y >= top && y <= bottom) {
      shiftUp(y, count, true);
      x = 0;
      wrapPending = false;
    }
  }

  void insertCells(int count) {
    rows[y].insert(x, Math.min(count, columns - x), columns, micros);
    wrapPending = false;
  }

  void deleteCells(int count) {
    rows[y].delete(x, Math.min(count, columns - x), micros);
    wrapPending = false;
  }

  void eraseCells(int count) {
    rows[y].erase(x, Math.min(columns, x + count), micros);
    wrapPending = false;
  }

  void eraseInLine(int how) {
    switch (how) {
      case 0 -> {
        rows[y].erase(x, columns, micros);
        rows[y].wrapped(false);
      }
      case 1 -> rows[y].erase(0, Math.min(columns, x + 1), micros);
      case 2 -> {
        rows[y].erase(0, columns, micros);
        rows[y].wrapped(false);
      }
      default -> {
        return;
      }
    }
    wrapPending = false;
  }

  void eraseInDisplay(int how) {
    switch (how) {
      case 0 -> {
        tellErasing(y + 1, rows.length);
        eraseInLine(0);
        eraseRows(y + 1, rows.length);
      }
      case 1 -> {
        tellErasing(0, y);
        eraseInLine(1);
        eraseRows(0, y);
      }
      case 2 -> {
        tellErasing(0, rows.length);
        eraseRows(0, rows.length);
      }
      default -> {
        return; // 3 erases what has scrolled off, which nothing here keeps
      }
    }
    wrapPending = false;
  }

  private void tellErasing(int from, int to) {
    if (!main) {
      return;
    }
    for (int i = from; i < to; i++) {
      if (rows[i].changed()) {
        listener.erases();
        return;
      }
    }
  }

  private void eraseRows(int from, int to) {
    for (int i = from; i < to; i++) {
      rows[i].erase(0, columns, micros);
      rows[i].wrapped(false);
    }
  }

  /// Fills the screen with `E` (DECALN).
  void fill() {
    for (Row row : rows) {
      for (int column = 0; column < columns; column++) {
        row.put(column, 'E', 1, micros);
      }
    }
    top = 0;
    bottom = rows.length - 1;
    moveTo(0, 0);
  }

  void up(int count) {
    int limit = y >= top ? top : 0;
    y = Math.max(limit, y - count);
    wrapPending = false;
  }

  void downBy(int count) {
    int limit = y <= bottom ? bottom : rows.length - 1;
    y = Math.min(limit, y + count);
    wrapPending = false;
  }

  void left(int count) {
    x = Math.max(0, x - count);
    wrapPending = false;
  }

  void right(int count) {
    x = Math.min(columns - 1, x + count);
    wrapPending = false;
  }

  void column(int column) {
    x = Math.clamp(column, 0, columns - 1);
    wrapPending = false;
  }

  /// To a row and column from 0; within the margins in origin mode.
  void moveTo(int row, int column) {
    rowTo(row);
    column(column);
  }

  void rowTo(int row) {
    y = origin ? Math.clamp(row + top, top, bottom) : Math.clamp(row, 0, rows.length - 1);
    wrapPending = false;
  }

  void tab(int count) {
    x = Math.min(columns - 1, (x / 8 + count) * 8);
    wrapPending = false;
  }

  void backTab(int count) {
    int stops = (x + 7) / 8 - count;
    x = Math.max(0, stops * 8);
    wrapPending = false;
  }

  void margins(int first, int last) {
    int low = Math.min(last, rows.length - 1);
    if (first >= 0 && first < low) {
      top = first;
      bottom = low;
      moveTo(0, 0);
    }
  }

  void save() {
    savedX = x;
    savedY = y;
    savedOrigin = origin;
  }

  void restore() {
    origin = savedOrigin;
    y = Math.min(savedY, rows.length - 1);
    column(savedX);
  }

  /// Takes the place of a cursor in another buffer.
  void cursorOf(Grid other) {
    y = Math.min(other.y, rows.length - 1);
    column(other.x);
  }

  void clear() {
    rows = fresh(rows.length);
    top = 0;
    bottom = rows.length - 1;
    x = 0;
    y = 0;
    wrapPending = false;
  }

  /// Another size: rows are taken away above where the cursor would fall off, else below; what is
  /// too wide is dropped.
  void resize(int newColumns, int height) {
    int cut = Math.max(0, Math.min(y - height + 1, rows.length - height));
    Row[] kept = fresh(height);
    System.arraycopy(rows, cut, kept, 0, Math.min(height, rows.length - cut));
    rows = kept;
    y -= cut;
    if (newColumns < columns) {
      for (Row row : rows) {
        row.narrow(newColumns);
      }
    }
    columns = newColumns;
    x = Math.min(x, columns - 1);
    y = Math.min(y, height - 1);
    savedX = Math.min(savedX, columns - 1);
    savedY = Math.min(savedY, height - 1);
    top = 0;
    bottom = height - 1;
    wrapPending = false;
  }
}
