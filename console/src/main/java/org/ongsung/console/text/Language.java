package org.ongsung.console.text;

import java.util.List;
import java.util.Locale;

/// The languages of the console.
public enum Language {
  KOREAN("ko", "한국어", Locale.KOREAN),
  ENGLISH("en", "English", Locale.ENGLISH);

  private static final int MAX_HEADER_CHARACTERS = 200;

  private final String tag;
  private final String ownName;
  private final Locale locale;

  Language(String tag, String ownName, Locale locale) {
    this.tag = tag;
    this.ownName = ownName;
    this.locale = locale;
  }

  /// `ko` or `en` (BCP 47).
  public String tag() {
    return tag;
  }

  /// How its speakers call it.
  public String ownName() {
    return ownName;
  }

  public Locale locale() {
    return locale;
  }

  /// The language that was chosen, else the first of the browser's that we speak, else English.
  ///
  /// @param chosen a tag, or anything
  /// @param acceptLanguage the header (RFC 9110 section 12.5.4), or anything
  public static Language of(String chosen, String acceptLanguage) {
    for (Language language : values()) {
      if (language.tag.equals(chosen)) {
        return language;
      }
    }
    if (acceptLanguage.isEmpty() || acceptLanguage.length() > MAX_HEADER_CHARACTERS) {
      return ENGLISH;
    }
    try {
      List<Locale.LanguageRange> ranges = Locale.LanguageRange.parse(acceptLanguage);
      Locale found = Locale.lookup(ranges, List.of(Locale.ENGLISH, Locale.KOREAN));
      return Locale.KOREAN.equals(found) ? KOREAN : ENGLISH;
    } catch (IllegalArgumentException e) {
      return ENGLISH;
    }
  }
}
