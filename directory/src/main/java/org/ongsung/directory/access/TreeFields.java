package org.ongsung.directory.access;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.ongsung.directory.Problem;
import org.ongsung.model.Shown;

/// The mappings of a tree of maps, lists, texts, numbers and truth values, as a JSON reader gives
/// it; problems name the path of keys, such as `users[0].roles[1]`, counted from 0.
final class TreeFields implements Fields {
  private static final int MAX_PROBLEMS = 50;
  private static final int MAX_SHOWN = 100;

  private final Map<?, ?> values;
  private final String path;
  private final List<Problem> problems;
  private final Set<String> asked = new TreeSet<>();

  private TreeFields(Map<?, ?> values, String path, List<Problem> problems) {
    this.values = values;
    this.path = path;
    this.problems = problems;
  }

  /// What `reading` makes of `tree`.
  static <T> T read(Object tree, Function<Fields, T> reading) throws AccessDocumentException {
    List<Problem> problems = new ArrayList<>();
    Optional<T> result = read(tree, "", problems, reading);
    if (!problems.isEmpty() || result.isEmpty()) {
      throw new AccessDocumentException(
          problems.subList(0, Math.min(problems.size(), MAX_PROBLEMS)));
    }
    return result.get();
  }

  private static <T> Optional<T> read(
      @Nullable Object value, String path, List<Problem> problems, Function<Fields, T> reading) {
    if (!(value instanceof Map<?, ?> map)) {
      problems.add(shape(path, "an object", value));
      return Optional.empty();
    }
    int before = problems.size();
    TreeFields fields = new TreeFields(map, path, problems);
    @Nullable T result = null;
    try {
      result = reading.apply(fields);
    } catch (IllegalArgumentException e) {
      if (problems.size() == before) {
        problems.add(at(path, codeOf(e, Problem.Code.OTHER), String.valueOf(e.getMessage())));
      }
    }
    fields.refuseUnknownKeys();
    return problems.size() == before ? Optional.ofNullable(result) : Optional.empty();
  }

  private void refuseUnknownKeys() {
    for (Object key : values.keySet()) {
      if (!asked.contains(String.valueOf(key))) {
        problems.add(
            at(
                path,
                Problem.Code.UNKNOWN_KEY,
                "unknown key "
                    + Shown.quoted(String.valueOf(key))
                    + "; expected one of "
                    + String.join(", ", asked),
                Shown.plain(String.valueOf(key), MAX_SHOWN)));
      }
    }
  }

  @Override
  public boolean has(String key) {
    return find(key) != null;
  }

  @Override
  public boolean isMapping(String key) {
    return find(key) instanceof Map;
  }

  @Override
  public boolean isList(String key) {
    return find(key) instanceof List;
  }

  @Override
  public <T> T required(String key, Expected what, T standIn, Function<String, T> parse) {
    if (!has(key)) {
      problems.add(
          new Problem(
              Problem.Code.MISSING,
              child(key),
              List.of(),
              at(path) + "expected a key \"" + key + "\" with " + what.text()));
      return standIn;
    }
    return optional(key, what, parse).orElse(standIn);
  }

  @Override
  public <T> Optional<T> optional(String key, Expected what, Function<String, T> parse) {
    @Nullable Object value = find(key);
    return value == null ? Optional.empty() : scalar(value, child(key), what, parse);
  }

  private <T> Optional<T> scalar(
      @Nullable Object value, String where, Expected what, Function<String, T> parse) {
    if (!(value instanceof String || value instanceof Number || value instanceof Boolean)) {
      problems.add(shape(where, what.text(), value));
      return Optional.empty();
    }
    if (value.toString().codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE)) {
      problems.add(
          at(where, Problem.Code.WRONG_SHAPE, "expected text, found half of a surrogate pair"));
      return Optional.empty();
    }
    try {
      return Optional.of(parse.apply(value.toString()));
    } catch (IllegalArgumentException e) {
      Object[] shown =
          what.mayBeShown()
              ? new Object[] {Shown.plain(value.toString(), MAX_SHOWN)}
              : new Object[0];
      problems.add(
          at(
              where,
              codeOf(e, what.code()),
              "expected " + what.text() + ": " + e.getMessage(),
              shown));
      return Optional.empty();
    }
  }

  @Override
  public boolean bool(String key, boolean fallback) {
    @Nullable Object value = find(key);
    if (value == null) {
      return fallback;
    }
    if (value instanceof Boolean bool) {
      return bool;
    }
    problems.add(shape(child(key), "true or false", value));
    return fallback;
  }

  @Override
  public <T> List<T> list(String key, Expected what, Function<String, T> parse) {
    List<T> items = new ArrayList<>();
    List<?> values = items(key);
    for (int i = 0; i < values.size(); i++) {
      scalar(values.get(i), child(key) + "[" + i + "]", what, parse).ifPresent(items::add);
    }
    return items;
  }

  @Override
  public Map<String, String> texts(String key) {
    Map<String, String> texts = new LinkedHashMap<>();
    @Nullable Object value = find(key);
    if (value instanceof Map<?, ?> map) {
      map.forEach(
          (name, text) ->
              scalar(text, child(key) + "." + name, Expected.TEXT, Function.identity())
                  .ifPresent(found -> texts.put(String.valueOf(name), found)));
    } else if (value != null) {
      problems.add(shape(child(key), "an object", value));
    }
    return texts;
  }

  @Override
  public <T> Optional<T> mapping(String key, Function<Fields, T> reading) {
    @Nullable Object value = find(key);
    return value == null ? Optional.empty() : read(value, child(key), problems, reading);
  }

  @Override
  public <T> List<T> mappings(String key, Function<Fields, T> reading) {
    List<T> items = new ArrayList<>();
    List<?> values = items(key);
    for (int i = 0; i < values.size() && problems.size() < MAX_PROBLEMS; i++) {
      read(values.get(i), child(key) + "[" + i + "]", problems, reading).ifPresent(items::add);
    }
    return items;
  }

  @Override
  public void problem(String key, Problem.Code code, String message, Object... arguments) {
    problems.add(at(child(key), code, message, arguments));
  }

  private static Problem at(String where, Problem.Code code, String message, Object... arguments) {
    List<String> texts = Arrays.stream(arguments).map(String::valueOf).toList();
    return new Problem(code, where, texts, at(where) + message);
  }

  private static Problem shape(String where, String expected, @Nullable Object found) {
    return at(where, Problem.Code.WRONG_SHAPE, "expected " + expected + ", found " + kindOf(found));
  }

  private static Problem.Code codeOf(IllegalArgumentException e, Problem.Code otherwise) {
    return e instanceof UnfitValueException unfit ? unfit.code() : otherwise;
  }

  private List<?> items(String key) {
    @Nullable Object value = find(key);
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list) {
      return list;
    }
    problems.add(shape(child(key), "a list", value));
    return List.of();
  }

  private @Nullable Object find(String key) {
    asked.add(key);
    return values.get(key);
  }

  private String child(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private static String at(String path) {
    return path.isEmpty() ? "" : Shown.plain(path, 200) + ": ";
  }

  private static String kindOf(@Nullable Object value) {
    return switch (value) {
      case null -> "nothing";
      case Map<?, ?> _ -> "an object";
      case List<?> _ -> "a list";
      default -> "a single value";
    };
  }
}
