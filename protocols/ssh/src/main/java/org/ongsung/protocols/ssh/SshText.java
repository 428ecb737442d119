package org.ongsung.protocols.ssh;

import java.util.Locale;
import java.util.function.Function;

/// Text of the two sides, bounded before it is kept, and words of ours that are translated when
/// they are shown.
final class SshText {
  /// A word of the bundle, by its key.
  record Term(String key) {}

  /// Words that another room has in both languages.
  record Spoken(Function<Locale, String> words) {
    @Override
    public String toString() {
      return words.apply(Locale.ENGLISH);
    }
  }

  private SshText() {}

  /// The first `maxCharacters` of `text`.
  static String bounded(String text, int maxCharacters) {
    return text.length() <= maxCharacters ? text : text.substring(0, maxCharacters);
  }
}
