package org.ongsung.console.page;

import java.util.List;
import java.util.Locale;

/// A list of the directory's entries, ready to be shown.
///
/// @param word `users`, `groups`, `targets` or `grants`: address and key of the words
/// @param columns keys of the column heads
public record EntryList(String word, List<String> columns, List<Row> rows) {
  public EntryList {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
  }

  /// One entry; the first cell is its name.
  ///
  /// @param marked whether it is set aside, such as a user who is not active
  public record Row(String name, boolean marked, List<String> cells) {
    public Row {
      cells = List.copyOf(cells);
    }

    /// All that a search looks at, in lower case.
    public String searchText() {
      return (name + " " + String.join(" ", cells)).toLowerCase(Locale.ROOT);
    }
  }
}
