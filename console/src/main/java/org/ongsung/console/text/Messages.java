package org.ongsung.console.text;

import java.util.Locale;
import java.util.ResourceBundle;
import java.util.Set;

/// The words of one language, by key.
public final class Messages {
  private static final String BUNDLE = "org.ongsung.console.text.messages";

  private final ResourceBundle bundle;
  private final Locale locale;

  private Messages(ResourceBundle bundle, Locale locale) {
    this.locale = locale;
    this.bundle = bundle;
  }

  public static Messages of(Language language) {
    ResourceBundle.Control exactly =
        ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES);
    Locale locale = language.locale();
    return new Messages(ResourceBundle.getBundle(BUNDLE, locale, exactly), locale);
  }

  /// The text of `key` with `{0}`, `{1}` … replaced. The arguments are not looked into for further
  /// places.
  ///
  /// @throws java.util.MissingResourceException when there is no such key
  public String text(String key, Object... arguments) {
    String text = bundle.getString(key);
    if (arguments.length == 0) {
      return text;
    }
    StringBuilder filled = new StringBuilder(text.length() + 16);
    for (int at = 0; at < text.length(); at++) {
      boolean place =
          text.charAt(at) == '{' && at + 2 < text.length() && text.charAt(at + 2) == '}';
      int number = place ? text.charAt(at + 1) - '0' : -1;
      if (number >= 0 && number < arguments.length) {
        filled.append(arguments[number]);
        at += 2;
      } else {
        filled.append(text.charAt(at));
      }
    }
    return filled.toString();
  }

  /// The language.
  public Locale locale() {
    return locale;
  }

  /// Whether there is a text of `key`.
  public boolean has(String key) {
    return bundle.containsKey(key);
  }

  /// Every key.
  public Set<String> keys() {
    return bundle.keySet();
  }
}
