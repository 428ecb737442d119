package org.ongsung.protocols.telnet;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;
import org.ongsung.gateway.terminal.Spoken;

/// What a person reads of the login by Telnet, in English or Korean.
///
/// The words lie in `TelnetWords.properties` and `TelnetWords_ko.properties`.
enum TelnetWords {
  LOGIN("login"),
  PASSWORD("password"),
  INCORRECT("incorrect"),
  /// Argument: the seconds to wait.
  BLOCKED("blocked"),
  TIME_IS_OVER("time-is-over"),
  TOO_OFTEN("too-often"),
  IN_THE_CLEAR("in-the-clear"),
  UNAVAILABLE("unavailable");

  private static final String BUNDLE = TelnetWords.class.getName();

  private final String key;

  TelnetWords(String key) {
    this.key = key;
  }

  /// This line about `arguments`, which must be harmless to show.
  Spoken with(Object... arguments) {
    Object[] kept = arguments.clone();
    return locale -> new MessageFormat(words(locale).getString(key), locale).format(kept);
  }

  private static ResourceBundle words(Locale locale) {
    return ResourceBundle.getBundle(
        BUNDLE,
        locale,
        ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
  }
}
