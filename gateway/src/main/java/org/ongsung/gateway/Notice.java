package org.ongsung.gateway;

import java.text.MessageFormat;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;

/// A line of the gateway's for a person: why a session does not start, or what will happen to a
/// live one; in no language until it is shown.
///
/// The words lie in `Notice.properties` and `Notice_ko.properties`.
///
/// @param arguments what the words have places for; shown as they are and must be harmless
public record Notice(Code code, List<Object> arguments) {
  private static final String BUNDLE = "org.ongsung.gateway.Notice";

  /// What there is to say.
  public enum Code {
    /// Sessions end in so many seconds, as the only argument.
    STOPS_IN_SECONDS("stops-in-seconds"),
    /// Sessions end in so many minutes, as the only argument.
    STOPS_IN_MINUTES("stops-in-minutes"),
    STOPPING("stopping"),
    RECORD_UNAVAILABLE("record-unavailable"),
    STORAGE_LOW("storage-low"),
    WITHDRAWN("withdrawn"),
    /// The grant allows no more sessions at once.
    TOO_MANY("too-many"),
    /// The gateway carries as many sessions as it may.
    GATEWAY_FULL("gateway-full"),
    /// The sessions of other nodes cannot be counted.
    UNCOUNTABLE("uncountable");

    private final String key;

    Code(String key) {
      this.key = key;
    }
  }

  public Notice {
    arguments = List.copyOf(arguments);
  }

  static Notice of(Code code, Object... arguments) {
    return new Notice(code, List.of(arguments));
  }

  /// The line, Korean or English.
  public String in(Locale locale) {
    ResourceBundle words =
        ResourceBundle.getBundle(
            BUNDLE,
            locale,
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    return new MessageFormat(words.getString(code.key), locale).format(arguments.toArray());
  }
}
