package org.ongsung.model;

import java.util.Locale;
import java.util.Optional;

/// The language that a person wants to be spoken to in.
public enum LanguageChoice {
  /// As their browser or their client says, each time anew.
  AUTO("auto"),
  KOREAN("ko"),
  ENGLISH("en");

  private final String text;

  LanguageChoice(String text) {
    this.text = text;
  }

  /// The stable word: `auto`, or a language's tag (BCP 47).
  public String text() {
    return text;
  }

  /// The language; empty where none was chosen.
  public Optional<Locale> locale() {
    return this == AUTO ? Optional.empty() : Optional.of(Locale.of(text));
  }

  /// What was chosen, else `otherwise`.
  public Locale or(Locale otherwise) {
    return locale().orElse(otherwise);
  }

  /// The choice of a word.
  ///
  /// @throws IllegalArgumentException when there is no such word
  public static LanguageChoice of(String text) {
    for (LanguageChoice choice : values()) {
      if (choice.text.equals(text)) {
        return choice;
      }
    }
    throw new IllegalArgumentException("not a language (auto, ko, en): " + text);
  }
}
