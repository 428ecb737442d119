package org.ongsung.store;

import java.text.Normalizer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How texts and times lie in the database.
///
/// Texts from clients and targets may hold what no database text can: NUL (PostgreSQL refuses it,
/// SQLite's functions stop at it) and lone surrogates (no UTF-8). Each becomes U+FFFD, because one
/// such text would fail the whole transaction that it shares with others.
final class StoredText {
  private static final char REPLACEMENT = '\uFFFD';

  private StoredText() {}

  /// `text` with what cannot be stored replaced.
  static String clean(String text) {
    int at = firstUnclean(text, 0);
    if (at < 0) {
      return text;
    }
    char[] chars = text.toCharArray();
    while (at >= 0) {
      chars[at] = REPLACEMENT;
      at = firstUnclean(text, at + 1);
    }
    return new String(chars);
  }

  static @Nullable String cleanOrNull(@Nullable String text) {
    return text == null ? null : clean(text);
  }

  private static int firstUnclean(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        return i;
      }
      if (Character.isSurrogate(c)) {
        if (Character.isHighSurrogate(c)
            && i + 1 < text.length()
            && Character.isLowSurrogate(text.charAt(i + 1))) {
          i++;
        } else {
          return i;
        }
      }
    }
    return -1;
  }

  /// `text` as it is searched: clean, composed (a Korean syllable may come in parts) and in lower
  /// case.
  static String folded(String text) {
    return Normalizer.normalize(clean(text), Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
  }

  /// A LIKE pattern, with `!` for escape, that finds `part` anywhere in a folded text.
  static String containing(String part) {
    String escaped = folded(part).replace("!", "!!").replace("%", "!%").replace("_", "!_");
    return "%" + escaped + "%";
  }

  /// Microseconds since 1970-01-01 UTC, cut.
  static long micros(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
  }

  static @Nullable Long microsOrNull(@Nullable Instant instant) {
    return instant == null ? null : micros(instant);
  }

  /// The instant of a number of microseconds.
  static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  static @Nullable Instant instantOrNull(@Nullable Long micros) {
    return micros == null ? null : instant(micros);
  }
}
