package org.ongsung.console.page;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An entry of the directory as a form shows it: the tree of the access file, read by keys. Never
/// shows a secret.
///
/// @param known whether the entry is in the directory already
/// @param readOnly whether the reader may only look
/// @param problems what was wrong with what was sent, in the reader's language, one line each
public record EntryForm(
    String name, Map<String, Object> tree, boolean known, boolean readOnly, List<String> problems) {
  public EntryForm {
    problems = List.copyOf(problems);
  }

  /// The tree below `key`; empty when there is none.
  public EntryForm in(String key) {
    return new EntryForm(name, map(tree.get(key)), known, readOnly, List.of());
  }

  private static Map<String, Object> map(@Nullable Object value) {
    Map<String, Object> copy = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, item) -> copy.put(String.valueOf(key), item));
    }
    return copy;
  }

  /// A text or number, or empty.
  public String text(String key) {
    Object value = tree.get(key);
    return value == null || value instanceof Map || value instanceof List ? "" : value.toString();
  }

  /// Whether `key` is anything but `false`; missing counts as true.
  public boolean notFalse(String key) {
    return !Boolean.FALSE.equals(tree.get(key));
  }

  /// A list of texts.
  public List<String> list(String key) {
    return tree.get(key) instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : List.of();
  }

  /// A list, one item a line.
  public String lines(String key) {
    return String.join("\n", list(key));
  }

  /// A list within a mapping, one item a line.
  public String lines(String key, String within) {
    return map(tree.get(key)).get(within) instanceof List<?> list
        ? String.join("\n", list.stream().map(String::valueOf).toList())
        : "";
  }

  /// A list on one line.
  public String words(String key) {
    return String.join(" ", list(key));
  }

  /// A map, one `key=value` a line.
  public String pairs(String key) {
    List<String> pairs = new ArrayList<>();
    map(tree.get(key)).forEach((k, v) -> pairs.add(k + "=" + v));
    return String.join("\n", pairs);
  }

  /// Entries within this one, such as the accounts of a target.
  public List<EntryForm> entries(String key) {
    if (!(tree.get(key) instanceof List<?> list)) {
      return List.of();
    }
    return list.stream()
        .map(
            item -> {
              Map<String, Object> one = map(item);
              return new EntryForm(
                  String.valueOf(one.getOrDefault("name", "")), one, known, readOnly, List.of());
            })
        .toList();
  }

  /// A form for something that is not there yet.
  public static EntryForm blank() {
    return new EntryForm("", Collections.emptyMap(), false, false, List.of());
  }
}
