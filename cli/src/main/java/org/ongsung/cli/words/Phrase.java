package org.ongsung.cli.words;

import java.text.MessageFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;

/// Something to say to the person at the command line, in no language until it is said.
///
/// The words lie in `Phrases.properties` and `Phrases_ko.properties`. What a gateway, a file or the
/// system says has no key and is said as it is.
///
/// @param key of the words, or empty for [#plain]
/// @param arguments what the words have places for; a phrase among them is said in the same
///   language
public record Phrase(String key, List<Object> arguments) {
  private static final String BUNDLE = "org.ongsung.cli.words.Phrases";

  public Phrase {
    arguments = List.copyOf(arguments);
  }

  /// The phrase of that key.
  public static Phrase of(String key, Object... arguments) {
    return new Phrase(key, List.of(arguments));
  }

  /// What a gateway refused, by its stable code where there are words for it.
  ///
  /// @param said what the gateway said, in English
  public static Phrase refused(String code, String said) {
    String key = "refused." + code;
    return bundle(Locale.ENGLISH).containsKey(key) ? of(key, said) : plain(said);
  }

  /// Text that is said as it is.
  public static Phrase plain(String text) {
    return new Phrase("", List.of(text));
  }

  /// Nothing.
  public static Phrase none() {
    return plain("");
  }

  /// The language of a person by their environment (`LC_ALL`, `LC_MESSAGES`, `LANG`): Korean when
  /// it says so, else English.
  public static Locale language(Map<String, String> environment) {
    for (String name : List.of("LC_ALL", "LC_MESSAGES", "LANG")) {
      String value = environment.getOrDefault(name, "");
      if (!value.isEmpty()) {
        return value.toLowerCase(Locale.ROOT).startsWith("ko") ? Locale.KOREAN : Locale.ENGLISH;
      }
    }
    return Locale.ENGLISH;
  }

  /// Whether there is nothing to say.
  public boolean isEmpty() {
    return key.isEmpty() && arguments.getFirst().toString().isEmpty();
  }

  /// The text in the language of `locale`.
  public String in(Locale locale) {
    Object[] said =
        arguments.stream()
            .map(a -> a instanceof Phrase phrase ? phrase.in(locale) : a.toString())
            .toArray();
    return key.isEmpty()
        ? said[0].toString()
        : new MessageFormat(bundle(locale).getString(key), locale).format(said);
  }

  /// In English.
  public String text() {
    return in(Locale.ENGLISH);
  }

  static ResourceBundle bundle(Locale locale) {
    return ResourceBundle.getBundle(
        BUNDLE,
        locale,
        ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
  }
}
