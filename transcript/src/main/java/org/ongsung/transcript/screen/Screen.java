package org.ongsung.transcript.screen;

import java.util.Arrays;

/// A terminal's screen: takes output as text and knows what stands where.
///
/// Understands what programs use of xterm: cursor and erasing (ECMA-48 chapter 8.3), scroll
/// regions, inserting and deleting, the alternate screen, origin, insert and wrap modes, line
/// drawing, saved cursors, REP, and marks of shells (OSC 133). Colours and everything that asks the
/// terminal for an answer do nothing. Memory and time are bounded by [ScreenLimits] whatever comes:
/// time grows with the length of the output alone.
///
/// Narrowing drops what stands beyond the new width instead of wrapping it anew; whoever keeps text
/// reads it before [#resize]. One thread at a time.
public final class Screen {
  private final ScreenLimits limits;
  private final ScreenListener listener;
  private final Grid main;
  private final Grid alternate;
  private final ControlParser parser;
  private Grid grid;
  private final boolean[] graphics = new boolean[2];
  private int selected;
  private int lastPrinted = ' ';

  /// @param columns brought inside the limits, as is `rows`
  public Screen(int columns, int rows, ScreenLimits limits, ScreenListener listener) {
    this.limits = limits;
    this.listener = listener;
    int width = Math.clamp(columns, 2, limits.maxColumns());
    int height = Math.clamp(rows, 2, limits.maxRows());
    this.main = new Grid(width, height, true, listener);
    this.alternate = new Grid(width, height, false, listener);
    this.grid = main;
    this.parser = new ControlParser(this, limits);
  }

  /// Takes output that came at `micros`. A sequence or surrogate pair may be cut anywhere.
  public void write(CharSequence text, long micros) {
    main.now(micros);
    alternate.now(micros);
    parser.take(text);
  }

  /// Gives the screen another size.
  public void resize(int columns, int rows) {
    int width = Math.clamp(columns, 2, limits.maxColumns());
    int height = Math.clamp(rows, 2, limits.maxRows());
    main.resize(width, height);
    alternate.resize(width, height);
  }

  public int columns() {
    return grid.columns();
  }

  public int rows() {
    return grid.height();
  }

  /// A row of what is shown, from 0 at the top.
  public Row row(int index) {
    return grid.row(index);
  }

  /// Where a row stands, or -1.
  public int indexOf(Row row) {
    return grid.indexOf(row);
  }

  public int cursorRow() {
    return grid.y();
  }

  /// The cursor's column; one past the last when the next character wraps.
  public int cursorColumn() {
    return grid.wrapPending() ? grid.x() + 1 : grid.x();
  }

  /// Whether a full-screen program shows its own screen.
  public boolean isAlternate() {
    return grid == alternate;
  }

  void print(int codePoint) {
    int shown = graphics[selected] ? LineDrawing.of(codePoint) : codePoint;
    if (CellWidth.of(shown) > 0) {
      lastPrinted = shown;
    }
    grid.print(shown);
  }

  void repeat(int count) {
    for (int i = 0; i < Math.min(count, limits.maxRepeat()); i++) {
      grid.print(lastPrinted);
    }
  }

  void control(char c) {
    switch (c) {
      case '\b' -> grid.left(1);
      case '\t' -> grid.tab(1);
      case '\n', 0x0b, '\f' -> grid.lineFeed();
      case '\r' -> grid.column(0);
      case 0x0e -> selected = 1;
      case 0x0f -> selected = 0;
      default -> {}
    }
  }

  void escape(char intermediate, char c) {
    switch (intermediate) {
      case 0 -> plainEscape(c);
      case '(' -> graphics[0] = c == '0';
      case ')' -> graphics[1] = c == '0';
      case '#' -> {
        if (c == '8') {
          grid.fill();
        }
      }
      default -> {}
    }
  }

  private void plainEscape(char c) {
    switch (c) {
      case '7' -> grid.save();
      case '8' -> grid.restore();
      case 'D' -> grid.down(true);
      case 'E' -> {
        grid.down(true);
        grid.column(0);
      }
      case 'M' -> grid.reverseIndex();
      case 'c' -> reset();
      default -> {}
    }
  }

  private void reset() {
    switchTo(main);
    listener.erases();
    for (Grid each : new Grid[] {main, alternate}) {
      each.clear();
      softReset(each);
    }
  }

  private void softReset(Grid each) {
    each.autowrap = true;
    each.insert = false;
    each.origin = false;
    each.newline = false;
    Arrays.fill(graphics, false);
    selected = 0;
  }

  /// A control sequence.
  ///
  /// @param prefix `?`, `>`, `<`, `=` or 0
  /// @param intermediate a character before the last, or 0
  void sequence(char prefix, Parameters given, char intermediate, char last) {
    if (intermediate == '!' && last == 'p') {
      softReset(grid);
    } else if (prefix == '?' && intermediate == 0) {
      privateSequence(given, last);
    } else if (prefix == 0 && intermediate == 0) {
      if (!moves(given, last)) {
        changes(given, last);
      }
    }
  }

  private boolean moves(Parameters given, char last) {
    int count = given.count(0);
    switch (last) {
      case 'A' -> grid.up(count);
      case 'B', 'e' -> grid.downBy(count);
      case 'C', 'a' -> grid.right(count);
      case 'D' -> grid.left(count);
      case 'E' -> {
        grid.downBy(count);
        grid.column(0);
      }
      case 'F' -> {
        grid.up(count);
        grid.column(0);
      }
      case 'G', '`' -> grid.column(count - 1);
      case 'H', 'f' -> grid.moveTo(count - 1, given.count(1) - 1);
      case 'I' -> grid.tab(count);
      case 'Z' -> grid.backTab(count);
      case 'd' -> grid.rowTo(count - 1);
      case 's' -> grid.save();
      case 'u' -> grid.restore();
      default -> {
        return false;
      }
    }
    return true;
  }

  private void changes(Parameters given, char last) {
    int count = given.count(0);
    switch (last) {
      case 'J' -> grid.eraseInDisplay(given.value(0, 0));
      case 'K' -> grid.eraseInLine(given.value(0, 0));
      case 'L' -> grid.insertLines(count);
      case 'M' -> grid.deleteLines(count);
      case 'P' -> grid.deleteCells(count);
      case '@' -> grid.insertCells(count);
      case 'X' -> grid.eraseCells(count);
      case 'S' -> grid.scrollUp(count);
      case 'T' -> grid.scrollDown(count);
      case 'b' -> repeat(count);
      case 'r' -> grid.margins(count - 1, given.value(1, Integer.MAX_VALUE) - 1);
      case 'h', 'l' -> {
        for (int i = 0; i < given.size(); i++) {
          mode(given.value(i, 0), last == 'h');
        }
      }
      default -> {}
    }
  }

  private void mode(int mode, boolean on) {
    if (mode == 4) {
      grid.insert = on;
    } else if (mode == 20) {
      grid.newline = on;
    }
  }

  private void privateSequence(Parameters given, char last) {
    if (last == 'J') {
      grid.eraseInDisplay(given.value(0, 0));
    } else if (last == 'K') {
      grid.eraseInLine(given.value(0, 0));
    } else if (last == 'h' || last == 'l') {
      for (int i = 0; i < given.size(); i++) {
        privateMode(given.value(i, 0), last == 'h');
      }
    }
  }

  private void privateMode(int mode, boolean on) {
    switch (mode) {
      case 6 -> {
        grid.origin = on;
        grid.moveTo(0, 0);
      }
      case 7 -> grid.autowrap = on;
      case 47, 1047 -> switchTo(on ? alternate : main);
      case 1048 -> saveOrRestore(on);
      case 1049 -> {
        if (on) {
          main.save();
          switchTo(alternate);
          alternate.clear();
        } else {
          boolean back = grid == alternate;
          switchTo(main);
          if (back) {
            main.restore();
          }
        }
      }
      default -> {}
    }
  }

  private void saveOrRestore(boolean save) {
    if (save) {
      grid.save();
    } else {
      grid.restore();
    }
  }

  private void switchTo(Grid wanted) {
    if (grid == wanted) {
      return;
    }
    listener.changes(wanted == alternate);
    wanted.autowrap = grid.autowrap;
    wanted.cursorOf(grid);
    grid = wanted;
  }

  void operatingSystemCommand(CharSequence text) {
    if (text.length() >= 5
        && text.subSequence(0, 4).toString().equals("133;")
        && (text.length() == 5 || text.charAt(5) == ';')) {
      listener.shellMark(text.charAt(4));
    }
  }
}
