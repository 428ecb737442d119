package org.ongsung.cli.show;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.ongsung.model.Shown;

/// Rows under column heads, aligned for a terminal. What stands in a cell may come from strangers:
/// control characters are shown as `<U+hex>`, and a cell is cut after 120 characters.
public final class Table {
  private static final int MAX_CELL_CHARACTERS = 120;
  private static final String GAP = "  ";

  private final List<String> heads;
  private final List<List<String>> rows = new ArrayList<>();

  public Table(String... heads) {
    this.heads = List.of(heads);
  }

  /// Adds a row with one cell for each head.
  public Table row(String... cells) {
    if (cells.length != heads.size()) {
      throw new IllegalArgumentException("a row has as many cells as there are heads");
    }
    List<String> row = new ArrayList<>();
    for (String cell : cells) {
      row.add(Shown.plain(cell, MAX_CELL_CHARACTERS));
    }
    rows.add(row);
    return this;
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /// Prints heads and rows; without rows `empty` alone.
  public void print(PrintStream out, String empty) {
    if (rows.isEmpty()) {
      out.println(empty);
      return;
    }
    int[] widths = new int[heads.size()];
    measure(heads, widths);
    rows.forEach(row -> measure(row, widths));
    print(out, heads, widths);
    rows.forEach(row -> print(out, row, widths));
  }

  private static void measure(List<String> row, int[] widths) {
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(widths[i], TextWidth.of(row.get(i)));
    }
  }

  private static void print(PrintStream out, List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = row.get(i);
      line.append(cell).append(" ".repeat(widths[i] - TextWidth.of(cell))).append(GAP);
    }
    out.println(line.toString().stripTrailing());
  }
}
