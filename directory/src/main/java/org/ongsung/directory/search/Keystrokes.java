package org.ongsung.directory.search;

import java.text.Normalizer;
import java.util.Locale;

/// Text as the keys of a two-set Korean keyboard (KS X 5002) give it, so that what is half typed
/// finds what it will become: while somebody types 급여 there stand ㄱ, 그, 급, 급ㅇ and 급여, and each is
/// part of the keystrokes of the next.
///
/// Everything that is no Korean syllable stays, in lower case and composed (NFC).
final class Keystrokes {
  private static final int FIRST_SYLLABLE = 0xAC00;
  private static final int LAST_SYLLABLE = 0xD7A3;
  private static final int VOWELS = 21;
  private static final int FINALS = 28;

  private static final String[] INITIAL = split("ㄱ ㄲ ㄴ ㄷ ㄸ ㄹ ㅁ ㅂ ㅃ ㅅ ㅆ ㅇ ㅈ ㅉ ㅊ ㅋ ㅌ ㅍ ㅎ");

  /// What takes two keys stands as two.
  private static final String[] VOWEL = split("ㅏ ㅐ ㅑ ㅒ ㅓ ㅔ ㅕ ㅖ ㅗ ㅗㅏ ㅗㅐ ㅗㅣ ㅛ ㅜ ㅜㅓ ㅜㅔ ㅜㅣ ㅠ ㅡ ㅡㅣ ㅣ");

  private static final String[] FINAL =
      split("- ㄱ ㄲ ㄱㅅ ㄴ ㄴㅈ ㄴㅎ ㄷ ㄹ ㄹㄱ ㄹㅁ ㄹㅂ ㄹㅅ ㄹㅌ ㄹㅍ ㄹㅎ ㅁ ㅂ ㅂㅅ ㅅ ㅆ ㅇ ㅈ ㅊ ㅋ ㅌ ㅍ ㅎ");

  private Keystrokes() {}

  private static String[] split(String letters) {
    return letters.split(" ", -1);
  }

  /// Composed and in lower case.
  static String folded(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
  }

  /// The keys of a folded text.
  static String of(String folded) {
    if (!hasSyllable(folded)) {
      return folded;
    }
    StringBuilder keys = new StringBuilder(folded.length() * 3);
    for (int i = 0; i < folded.length(); i++) {
      char c = folded.charAt(i);
      if (!isSyllable(c)) {
        keys.append(c);
        continue;
      }
      int code = c - FIRST_SYLLABLE;
      keys.append(INITIAL[code / (VOWELS * FINALS)]).append(VOWEL[code / FINALS % VOWELS]);
      int last = code % FINALS;
      if (last > 0) {
        keys.append(FINAL[last]);
      }
    }
    return keys.toString();
  }

  /// The first consonant of each syllable (초성); what is no syllable stays.
  static String initials(String folded) {
    StringBuilder initials = new StringBuilder(folded.length());
    for (int i = 0; i < folded.length(); i++) {
      char c = folded.charAt(i);
      if (isSyllable(c)) {
        initials.append(INITIAL[(c - FIRST_SYLLABLE) / (VOWELS * FINALS)]);
      } else {
        initials.append(c);
      }
    }
    return initials.toString();
  }

  /// Whether all of it is consonants that stand alone.
  static boolean isInitials(String word) {
    return !word.isEmpty() && word.chars().allMatch(c -> c >= 'ㄱ' && c <= 'ㅎ');
  }

  static boolean hasSyllable(String text) {
    return text.chars().anyMatch(Keystrokes::isSyllable);
  }

  private static boolean isSyllable(int c) {
    return c >= FIRST_SYLLABLE && c <= LAST_SYLLABLE;
  }
}
