package org.ongsung.protocols.ssh;

import java.text.MessageFormat;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;

/// What a person reads when something is refused or fails, in English or Korean.
///
/// The texts lie in `SshErrors.properties` and `SshErrors_ko.properties`. Every denial is the same
/// text, so that nobody learns which targets there are.
enum SshErrors {
  /// No such target, no grant, or not from here: never which.
  DENIED("denied"),
  MALFORMED_ADDRESS("malformed-address"),
  NO_TARGETS("no-targets"),
  CHOOSE_TARGET("choose-target"),
  CHOOSE_ACCOUNT("choose-account"),
  NOTHING_CHOSEN("nothing-chosen"),
  TOO_MANY_CONNECTIONS("too-many-connections"),
  REFUSED("refused"),
  TARGET_UNREACHABLE("target-unreachable"),
  TARGET_TIMEOUT("target-timeout"),
  TARGET_HUNG_UP("target-hung-up"),
  TARGET_LOST("target-lost"),
  /// No worker to reach the target by.
  WORKER_ABSENT("worker-absent"),
  /// The worker by which the target was reached is gone.
  WORKER_LOST("worker-lost"),
  HOST_KEY_CHANGED("host-key-changed"),
  HOST_KEY_UNKNOWN("host-key-unknown"),
  CREDENTIAL_MISSING("credential-missing"),
  CREDENTIAL_REFUSED("credential-refused"),
  TARGET_ALGORITHMS("target-algorithms"),
  TARGET_WITHOUT_STRICT_KEX("target-without-strict-kex"),
  NOT_ALLOWED("not-allowed"),
  PROGRAM_REFUSED("program-refused"),
  /// The target speaks another protocol, which has nothing but a terminal.
  TERMINAL_ONLY("terminal-only"),
  COMMAND_TOO_LONG("command-too-long"),
  RECORD_UNAVAILABLE("record-unavailable"),
  UNFOLLOWABLE("unfollowable"),
  UNEXPECTED("unexpected"),
  NOTICE("notice"),
  ENDED("ended");

  private static final String BUNDLE = "org.ongsung.protocols.ssh.SshErrors";

  private final String key;

  SshErrors(String key) {
    this.key = key;
  }

  /// This error with what it is about; the arguments are shown as they are and must be harmless.
  Message with(Object... arguments) {
    return new Message(this, List.of(arguments));
  }

  /// The language of a person by their environment (`LC_ALL`, `LC_MESSAGES`, `LANG`): Korean when
  /// it says so, else English, which every terminal shows.
  static Locale language(Map<String, String> environment) {
    for (String name : List.of("LC_ALL", "LC_MESSAGES", "LANG")) {
      String value = environment.getOrDefault(name, "");
      if (!value.isEmpty()) {
        return value.toLowerCase(Locale.ROOT).startsWith("ko") ? Locale.KOREAN : Locale.ENGLISH;
      }
    }
    return Locale.ENGLISH;
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

  /// An error and its arguments, not yet in any language.
  record Message(SshErrors error, List<Object> arguments) {
    Message {
      arguments = List.copyOf(arguments);
    }

    /// The text, one line or several joined by `\n`, without a line end.
    String in(Locale locale) {
      return "ongsung: " + inWords(locale);
    }

    /// The same without our name before it.
    String inWords(Locale locale) {
      Object[] shown = arguments.stream().map(argument -> shown(argument, locale)).toArray();
      return text(locale, error.key, shown);
    }

    private static String shown(Object argument, Locale locale) {
      return switch (argument) {
        case SshText.Term term -> text(locale, term.key());
        case SshText.Spoken spoken -> spoken.words().apply(locale);
        default -> argument.toString();
      };
    }

    @Override
    public String toString() {
      return error + Arrays.toString(arguments.toArray());
    }
  }
}
