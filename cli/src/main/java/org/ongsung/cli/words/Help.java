package org.ongsung.cli.words;

import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/// The help of every command in another language than the English that stands beside the command,
/// by picocli's keys.
public final class Help extends ResourceBundle {
  private static final String SET = ".set.";

  private final Map<String, Object> texts = new HashMap<>();

  private Help(ResourceBundle written) {
    for (String key : written.keySet()) {
      texts.put(key, written.getString(key));
      if (key.contains(SET)) {
        // The two commands take the same options.
        texts.putIfAbsent(key.replace(SET, ".add."), written.getString(key));
      }
    }
    for (String key : written.keySet()) {
      texts.put(key, written.getString(key));
    }
  }

  /// The help for people of `locale`; nothing for English.
  public static Optional<ResourceBundle> in(Locale locale) {
    return locale.equals(Locale.KOREAN)
        ? Optional.of(
            new Help(
                ResourceBundle.getBundle(
                    "org.ongsung.cli.words.Help",
                    locale,
                    Control.getNoFallbackControl(Control.FORMAT_PROPERTIES))))
        : Optional.empty();
  }

  @Override
  protected @Nullable Object handleGetObject(String key) {
    return texts.get(key);
  }

  @Override
  public Enumeration<String> getKeys() {
    return Collections.enumeration(texts.keySet());
  }
}
