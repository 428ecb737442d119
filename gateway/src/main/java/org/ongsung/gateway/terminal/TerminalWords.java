package org.ongsung.gateway.terminal;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;

/// What a person reads on a terminal before and after a target is at its other end.
///
/// The words lie in `TerminalWords.properties` and `TerminalWords_ko.properties`. Every denial is
/// the same, so that nobody learns which targets there are.
public enum TerminalWords {
  /// No such target, no grant, or not from here: never which.
  DENIED("denied"),
  MALFORMED_ADDRESS("malformed-address"),
  NO_TARGETS("no-targets"),
  NOTHING_CHOSEN("nothing-chosen"),
  /// The grant has no `shell`; argument: the target.
  NO_SHELL("no-shell"),
  /// Arguments: the target, [#reason] and the session.
  UNREACHABLE("unreachable"),
  /// Arguments: the target, the seconds and the session.
  TIMEOUT("timeout"),
  /// Arguments: the target and the session.
  HUNG_UP("hung-up"),
  /// The connection broke; arguments: the target and the session.
  LOST("lost"),
  /// Arguments: the account, the target and the session.
  CREDENTIAL_MISSING("credential-missing"),
  /// Arguments: the account, the target and the session.
  CREDENTIAL_REFUSED("credential-refused"),
  /// Argument: the session.
  RECORD_UNAVAILABLE("record-unavailable"),
  /// Argument: the number under which the log tells more.
  UNEXPECTED("unexpected"),
  /// Nothing accepts connections there.
  REASON_REFUSED("reason.refused"),
  REASON_NO_ROUTE("reason.no-route"),
  REASON_FORBIDDEN("reason.forbidden"),
  REASON_NO_SUCH_HOST("reason.no-such-host"),
  /// The worker may not go there.
  REASON_NOT_ALLOWED("reason.not-allowed"),
  /// There are as many connections by workers as there may be.
  REASON_TOO_MANY("reason.too-many"),
  /// No worker to reach it by; arguments: the target and the session.
  WORKER_ABSENT("worker-absent"),
  /// The worker was lost; arguments: the target and the session.
  WORKER_LOST("worker-lost");

  private static final String BUNDLE = TerminalWords.class.getName();

  private final String key;

  TerminalWords(String key) {
    this.key = key;
  }

  /// This line about `arguments`, which are shown as they are and must be harmless; those that are
  /// [Spoken] in the language of the line.
  public Spoken with(Object... arguments) {
    Object[] kept = arguments.clone();
    return locale -> {
      Object[] shown = new Object[kept.length];
      for (int i = 0; i < kept.length; i++) {
        shown[i] = kept[i] instanceof Spoken spoken ? spoken.in(locale) : kept[i].toString();
      }
      return text(locale, key, shown);
    };
  }

  /// A text of this room's bundle.
  static String text(Locale locale, String key, Object... arguments) {
    ResourceBundle bundle =
        ResourceBundle.getBundle(
            BUNDLE,
            locale,
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    return new MessageFormat(bundle.getString(key), locale).format(arguments);
  }
}
