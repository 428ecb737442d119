package org.ongsung.directory.bulk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ongsung.directory.Problem;
import org.ongsung.directory.access.AccessDocumentException;
import org.ongsung.model.Name;
import org.ongsung.wire.csv.CsvException;
import org.ongsung.wire.csv.CsvLimits;
import org.ongsung.wire.csv.CsvReader;
import org.ongsung.wire.csv.CsvRecord;
import org.ongsung.wire.csv.FormulaGuard;

/// Reads a CSV list line by line: each line is laid over what is there under its name. An empty
/// cell leaves what is there; a lone `-` empties it.
///
/// @param <T> an entry of an access document
abstract class CsvLines<T> {
  private static final String EMPTIED = "-";

  private final Set<Column> columns;
  private final Findings findings;

  CsvLines(Set<Column> columns, Findings findings) {
    this.columns = columns;
    this.findings = findings;
  }

  /// What is there under that name, as the tree of the access file.
  abstract Optional<Map<String, Object>> there(Name name);

  /// Lays one line over `tree`.
  abstract void lay(Cells cells, Map<String, Object> tree);

  /// The entry that a tree says.
  abstract T entry(Name name, Map<String, Object> tree) throws AccessDocumentException;

  /// One line.
  record Cells(Map<Column, String> cells) {
    /// What the line says there; empty where it says nothing.
    Optional<String> said(Column column) {
      return Optional.ofNullable(cells.get(column));
    }

    /// Puts a text under `key`, or takes it away.
    void text(Column column, String key, Map<String, Object> tree) {
      said(column).ifPresent(text -> put(tree, key, text.isEmpty() ? null : text));
    }

    /// Puts a list under `key`: parted by semicolons or line breaks.
    void list(Column column, String key, Map<String, Object> tree) {
      said(column).ifPresent(text -> tree.put(key, items(text)));
    }

    /// Puts a list under `key`: one item a line.
    void lines(Column column, String key, Map<String, Object> tree) {
      said(column)
          .ifPresent(text -> tree.put(key, text.lines().filter(line -> !line.isBlank()).toList()));
    }

    static List<String> items(String text) {
      return Arrays.stream(text.split("[;\r\n]", -1))
          .map(String::strip)
          .filter(item -> !item.isEmpty())
          .toList();
    }

    private static void put(
        Map<String, Object> tree, String key, @org.jspecify.annotations.Nullable Object value) {
      if (value == null) {
        tree.remove(key);
      } else {
        tree.put(key, value);
      }
    }
  }

  /// The entries of `text`, those without problems.
  final List<T> read(String text) {
    if (isPartedOtherwise(text)) {
      return List.of();
    }
    List<CsvRecord> records;
    try {
      records = CsvReader.read(text, CsvLimits.DEFAULT);
    } catch (CsvException e) {
      findings.problem(e.line(), String.valueOf(e.getMessage()));
      return List.of();
    }
    if (records.isEmpty()) {
      findings.problem(1, "the list is empty; its first line names the columns");
      return List.of();
    }
    List<Optional<Column>> heads = heads(records.getFirst());
    if (heads.isEmpty()) {
      return List.of();
    }
    Map<String, Integer> seen = new HashMap<>();
    List<T> entries = new ArrayList<>();
    for (CsvRecord record : records.subList(1, records.size())) {
      entry(record, heads, seen).ifPresent(entries::add);
    }
    return entries;
  }

  /// Whether something else than commas parts the columns, as spreadsheets of many countries write
  /// it. Not guessed at: semicolons part values within a cell here. Told from the text, since heads
  /// in quotes with anything but a comma behind them are no CSV.
  private boolean isPartedOtherwise(String text) {
    int line = 1;
    String head = "";
    for (String one : (Iterable<String>) text.lines()::iterator) {
      head = one.replace("\uFEFF", "").replace("\"", "");
      if (!head.isBlank()) {
        break;
      }
      line++;
    }
    if (head.indexOf(',') >= 0) {
      return false;
    }
    for (String separator : List.of(";", "\t", "|")) {
      List<String> parts = Arrays.asList(head.split(Pattern.quote(separator), -1));
      if (parts.size() > 1
          && parts.stream().anyMatch(part -> Column.of(part, columns).isPresent())) {
        String shown = separator.equals("\t") ? "Tab" : separator;
        findings.problem(
            line,
            new Problem(
                Problem.Code.OTHER_SEPARATOR,
                "",
                List.of(shown),
                "the columns are parted by \"" + shown + "\"; a list parts them by commas"));
        return true;
      }
    }
    return false;
  }

  private List<Optional<Column>> heads(CsvRecord first) {
    List<Optional<Column>> heads = new ArrayList<>();
    boolean good = true;
    for (String head : first.fields()) {
      Optional<Column> column = Column.of(FormulaGuard.unguarded(head), columns);
      if (column.isEmpty() && !head.isBlank()) {
        findings.problem(
            first.line(),
            new Problem(
                Problem.Code.UNKNOWN_COLUMN,
                "",
                List.of(head, known()),
                "unknown column \"" + head + "\"; there are " + known()));
        good = false;
      } else if (column.isPresent() && heads.contains(column)) {
        findings.problem(first.line(), "the column \"" + head + "\" is there twice");
        good = false;
      }
      heads.add(column);
    }
    if (!heads.contains(Optional.of(Column.NAME))) {
      findings.problem(
          first.line(),
          new Problem(
              Problem.Code.UNKNOWN_COLUMN,
              "",
              List.of("name", known()),
              "there is no column \"name\"; the first line names the columns: " + known()));
      good = false;
    }
    return good ? heads : List.of();
  }

  private String known() {
    return columns.stream()
        .map(column -> column.head(java.util.Locale.ENGLISH))
        .collect(Collectors.joining(", "));
  }

  private Optional<T> entry(
      CsvRecord record, List<Optional<Column>> heads, Map<String, Integer> seen) {
    Map<Column, String> said = new EnumMap<>(Column.class);
    String typed = "";
    for (int i = 0; i < record.fields().size(); i++) {
      String cell = record.fields().get(i).strip();
      Optional<Column> column = i < heads.size() ? heads.get(i) : Optional.empty();
      if (cell.isEmpty()) {
        continue;
      }
      if (column.isEmpty()) {
        findings.problem(
            record.line(), "there is a value in column " + (i + 1) + ", which has no name");
        return Optional.empty();
      }
      String value = cell.equals(EMPTIED) ? "" : FormulaGuard.unguarded(cell);
      if (column.get() == Column.NAME) {
        typed = value;
      } else {
        said.put(column.get(), value);
      }
    }
    if (typed.isEmpty() && said.isEmpty()) {
      return Optional.empty();
    }
    if (!Name.isValid(typed)) {
      findings.problem(
          record.line(),
          new Problem(
              Problem.Code.NOT_A_NAME,
              "name",
              List.of(typed),
              "not a name (1 to 63 of a-z 0-9 . _ -): \"" + typed + "\""));
      return Optional.empty();
    }
    Integer before = seen.putIfAbsent(typed, record.line());
    if (before != null) {
      findings.problem(
          record.line(),
          new Problem(
              Problem.Code.LISTED_TWICE,
              "name",
              List.of(typed),
              "\"" + typed + "\" stands on line " + before + " already"));
      return Optional.empty();
    }
    return entry(record.line(), Name.of(typed), new Cells(said));
  }

  private Optional<T> entry(int line, Name name, Cells cells) {
    Map<String, Object> tree = new LinkedHashMap<>(there(name).orElseGet(Map::of));
    try {
      lay(cells, tree);
      return Optional.of(entry(name, tree));
    } catch (AccessDocumentException e) {
      e.problems().forEach(problem -> findings.problem(line, problem));
    } catch (IllegalArgumentException e) {
      findings.problem(line, String.valueOf(e.getMessage()));
    }
    return Optional.empty();
  }
}
