package org.ongsung.bench.search;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.ongsung.transcript.index.Cursor;
import org.ongsung.transcript.index.LineQuery;
import org.ongsung.transcript.query.Expression;
import org.ongsung.transcript.query.LinePattern;
import org.ongsung.transcript.query.UnfitPatternException;
import org.ongsung.transcript.query.Words;

/// Something to look for, and a way to decide it that shares nothing with the search.
///
/// @param sort the row of the table
/// @param expression whether `text` is one
/// @param day a day of the lines' time, or -1 for all of it
record Question(String sort, String text, boolean expression, int day) {
  static final int LIMIT = 50;

  /// @param before where to go on from; null for the newest
  LineQuery query(@Nullable Cursor before) {
    try {
      LinePattern pattern = expression ? Expression.of(text) : Words.of(text);
      return new LineQuery(
          pattern, null, null, null, Set.of(), Set.of(), since(), until(), before, LIMIT);
    } catch (UnfitPatternException e) {
      throw new IllegalStateException(e);
    }
  }

  @Nullable Instant since() {
    return day < 0 ? null : MadeLines.START.plus(Duration.ofDays(day));
  }

  @Nullable Instant until() {
    return day < 0 ? null : MadeLines.START.plus(Duration.ofDays(day + 1));
  }

  /// Decides by Java's own means.
  Predicate<String> plainly() {
    if (expression) {
      return Pattern.compile(text, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE).asPredicate();
    }
    String[] words = text.toLowerCase(Locale.ROOT).split(" ", -1);
    return line -> {
      String lower = line.toLowerCase(Locale.ROOT);
      for (String word : words) {
        if (!lower.contains(word)) {
          return false;
        }
      }
      return true;
    };
  }
}
