package org.ongsung.practice.terminal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads one line from a terminal with the keys people have in their fingers: arrows, Home, End,
/// Delete, Backspace, Ctrl-A B C D E F H K L N P U W, Tab, and a history.
///
/// One thread.
public final class LineEditor {
  /// Completes the word before the cursor.
  @FunctionalInterface
  public interface Completer {
    /// What may stand in the place of `line`'s last word; each is the whole word.
    ///
    /// @param line what stands before the cursor
    List<String> complete(String line) throws IOException;
  }

  private final Terminal terminal;
  private final Completer completer;
  private final int maxLineChars;
  private final int maxHistoryLines;
  private final List<String> history = new ArrayList<>();
  private final StringBuilder line = new StringBuilder();
  private final Utf8Input input = new Utf8Input();
  private String prompt = "";
  private String unfinished = "";
  private int historyAt;
  private int cursor;
  private int cursorRow;

  public LineEditor(Terminal terminal, Completer completer, int maxLineChars, int maxHistoryLines) {
    this.terminal = terminal;
    this.completer = completer;
    this.maxLineChars = maxLineChars;
    this.maxHistoryLines = maxHistoryLines;
  }

  /// The lines read before, oldest first.
  public List<String> history() {
    return List.copyOf(history);
  }

  /// The next line, empty after Ctrl-C, or nothing at the end of the input.
  public Optional<String> readLine(String newPrompt) throws IOException {
    prompt = newPrompt;
    line.setLength(0);
    cursor = 0;
    cursorRow = 0;
    unfinished = "";
    historyAt = history.size();
    terminal.show(prompt);
    while (true) {
      int key = terminal.read();
      switch (key) {
        case -1 -> {
          return Optional.empty();
        }
        case 4 -> {
          if (line.isEmpty()) {
            terminal.show("\r\n");
            return Optional.empty();
          }
          deleteAtCursor();
        }
        case 3 -> {
          toEnd();
          terminal.show("^C\r\n");
          return Optional.of("");
        }
        case '\r', '\n' -> {
          toEnd();
          terminal.show("\r\n");
          remember(line.toString());
          return Optional.of(line.toString());
        }
        default -> key(key);
      }
    }
  }

  private void key(int key) throws IOException {
    switch (key) {
      case 1 -> moveTo(0);
      case 2 -> moveTo(before(cursor));
      case 5 -> moveTo(line.length());
      case 6 -> moveTo(after(cursor));
      case 8, 127 -> backspace();
      case 9 -> complete();
      case 11 -> replace(cursor, line.length(), "");
      case 12 -> {
        terminal.show("\u001b[H\u001b[2J");
        cursorRow = 0;
        redraw();
      }
      case 14 -> recall(1);
      case 16 -> recall(-1);
      case 21 -> replace(0, cursor, "");
      case 23 -> replace(wordStart(), cursor, "");
      case 27 -> escape();
      default -> {
        int codePoint = input.accept(key);
        if (codePoint >= 0x20) {
          insert(Character.toString(codePoint));
        }
      }
    }
  }

  private void escape() throws IOException {
    int kind = terminal.read();
    if (kind != '[' && kind != 'O') {
      return;
    }
    int parameter = 0;
    int last = terminal.read();
    while (last >= '0' && last <= '?') {
      parameter = last <= '9' ? Math.min(parameter * 10 + last - '0', 1000) : 0;
      last = terminal.read();
    }
    switch (last) {
      case 'A' -> recall(-1);
      case 'B' -> recall(1);
      case 'C' -> moveTo(after(cursor));
      case 'D' -> moveTo(before(cursor));
      case 'H' -> moveTo(0);
      case 'F' -> moveTo(line.length());
      case '~' -> {
        switch (parameter) {
          case 1, 7 -> moveTo(0);
          case 4, 8 -> moveTo(line.length());
          case 3 -> deleteAtCursor();
          default -> {}
        }
      }
      default -> {}
    }
  }

  private void insert(String text) throws IOException {
    if (line.length() + text.length() > maxLineChars) {
      terminal.show("\u0007");
      return;
    }
    boolean simple = cursor == line.length() && fitsOnRow(text);
    line.insert(cursor, text);
    cursor += text.length();
    if (simple) {
      terminal.show(text);
    } else {
      redraw();
    }
  }

  /// Whether the row of the cursor stays the same, so that showing the text is all there is to do.
  private boolean fitsOnRow(String text) {
    return column(line.length()) + CharacterWidth.of(text) < terminal.columns();
  }

  private void backspace() throws IOException {
    replace(before(cursor), cursor, "");
  }

  private void deleteAtCursor() throws IOException {
    int end = after(cursor);
    line.delete(cursor, end);
    redraw();
  }

  private void replace(int start, int end, String text) throws IOException {
    line.replace(start, end, text);
    cursor = start + text.length();
    redraw();
  }

  private void moveTo(int target) throws IOException {
    cursor = target;
    redraw();
  }

  private void toEnd() throws IOException {
    if (cursor != line.length()) {
      moveTo(line.length());
    }
  }

  private void recall(int step) throws IOException {
    int target = historyAt + step;
    if (target < 0 || target > history.size()) {
      return;
    }
    if (historyAt == history.size()) {
      unfinished = line.toString();
    }
    historyAt = target;
    replace(0, line.length(), target == history.size() ? unfinished : history.get(target));
  }

  private void remember(String finished) {
    if (finished.isBlank() || (!history.isEmpty() && history.getLast().equals(finished))) {
      return;
    }
    if (history.size() == maxHistoryLines) {
      history.removeFirst();
    }
    history.add(finished);
  }

  private void complete() throws IOException {
    List<String> words = completer.complete(line.substring(0, cursor));
    if (words.isEmpty()) {
      terminal.show("\u0007");
      return;
    }
    String common = words.stream().reduce(LineEditor::commonPrefix).orElse("");
    int start = lastWordStart(cursor);
    if (common.length() > cursor - start) {
      replace(start, cursor, common);
    } else if (words.size() > 1) {
      toEnd();
      terminal.show("\r\n" + String.join("  ", words.subList(0, Math.min(words.size(), 100))));
      terminal.show("\r\n");
      cursorRow = 0;
      redraw();
    }
  }

  private static String commonPrefix(String a, String b) {
    int length = 0;
    while (length < Math.min(a.length(), b.length()) && a.charAt(length) == b.charAt(length)) {
      length++;
    }
    return a.substring(0, length);
  }

  /// Where the word before the cursor begins, blanks after it included.
  private int wordStart() {
    int start = cursor;
    while (start > 0 && line.charAt(start - 1) == ' ') {
      start--;
    }
    return lastWordStart(start);
  }

  private int lastWordStart(int end) {
    int start = end;
    while (start > 0 && line.charAt(start - 1) != ' ') {
      start--;
    }
    return start;
  }

  private int before(int index) {
    return index == 0 ? 0 : line.offsetByCodePoints(index, -1);
  }

  private int after(int index) {
    return index == line.length() ? index : line.offsetByCodePoints(index, 1);
  }

  /// Shows prompt and line anew from the row where the prompt stands, then brings the cursor to its
  /// place.
  private void redraw() throws IOException {
    StringBuilder picture = new StringBuilder();
    if (cursorRow > 0) {
      picture.append("\u001b[").append(cursorRow).append('A');
    }
    picture.append("\r\u001b[J").append(prompt).append(line);
    int endRow = row(line.length());
    if (column(line.length()) == 0 && endRow > 0) {
      // Terminals wait at the border until one more character comes.
      picture.append(" \r");
    }
    int row = row(cursor);
    if (endRow > row) {
      picture.append("\u001b[").append(endRow - row).append('A');
    }
    picture.append('\r');
    if (column(cursor) > 0) {
      picture.append("\u001b[").append(column(cursor)).append('C');
    }
    cursorRow = row;
    terminal.show(picture.toString());
  }

  private int row(int index) {
    return offset(index) / terminal.columns();
  }

  private int column(int index) {
    return offset(index) % terminal.columns();
  }

  /// Columns before the place, counted on through all rows; a wide character does not stand across
  /// a border.
  private int offset(int index) {
    int columns = terminal.columns();
    int offset = 0;
    String before = prompt + line.substring(0, index);
    for (int at = 0; at < before.length(); at += Character.charCount(before.codePointAt(at))) {
      int width = CharacterWidth.of(before.codePointAt(at));
      if (width == 2 && offset % columns == columns - 1) {
        offset++;
      }
      offset += width;
    }
    return offset;
  }
}
