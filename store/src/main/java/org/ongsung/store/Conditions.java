package org.ongsung.store;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/// The conditions of a search, each with the value of its one `?`. What is null or empty is no
/// condition. Not for several threads.
final class Conditions {
  private final List<String> conditions = new ArrayList<>();
  private final List<Object> values = new ArrayList<>();

  /// Adds `condition`, unless `value` is null. Every `?` in it stands for `value`.
  Conditions and(String condition, @Nullable Object value) {
    if (value != null) {
      conditions.add(condition);
      condition.chars().filter(c -> c == '?').forEach(c -> values.add(value));
    }
    return this;
  }

  /// Adds that `column` is one of `texts`, unless there are none.
  Conditions in(String column, List<String> texts) {
    return in("", column, texts, "");
  }

  /// The same with something before and after, such as an `exists (…)`.
  Conditions in(String before, String column, List<String> texts, String after) {
    if (!texts.isEmpty()) {
      String marks = String.join(", ", Collections.nCopies(texts.size(), "?"));
      conditions.add(before + column + " in (" + marks + ")" + after);
      values.addAll(texts);
    }
    return this;
  }

  /// ` where …`, or nothing.
  String sql() {
    return conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
  }

  /// Binds the values to `query`, which has no other parameters.
  Query bind(Query query) {
    for (int i = 0; i < values.size(); i++) {
      query.bind(i, values.get(i));
    }
    return query;
  }
}
