package org.ongsung.server.configuration;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.ongsung.wire.yaml.YamlException;
import org.ongsung.wire.yaml.YamlLimits;
import org.ongsung.wire.yaml.YamlMapping;
import org.ongsung.wire.yaml.YamlProblem;
import org.ongsung.wire.yaml.YamlReader;

/// One thing that an operator can set.
///
/// @param name in the file: `key` or `section.key`
/// @param form what a value looks like, for people
/// @param fallback the default, for people
/// @param meaning one sentence
/// @param list whether the value is a list; in the environment commas separate its items
/// @param reading takes the value from its mapping
record ConfigurationKey<T>(
    String name, String form, String fallback, String meaning, boolean list, Reading<T> reading) {

  /// Takes a value from a mapping, and notes problems there.
  @FunctionalInterface
  interface Reading<T> {
    /// The value if it is there and good.
    ///
    /// @param base the folder that relative paths start from
    Optional<T> read(YamlMapping mapping, String leaf, Path base);
  }

  /// The section's name, or nothing for a key that stands at the top.
  Optional<String> section() {
    int dot = name.indexOf('.');
    return dot < 0 ? Optional.empty() : Optional.of(name.substring(0, dot));
  }

  /// The name within the section.
  String leaf() {
    return name.substring(name.indexOf('.') + 1);
  }

  /// The environment variable that overrides the file: `listen.ssh` is `ONGSUNG_LISTEN_SSH`,
  /// `database.passwordFile` is `ONGSUNG_DATABASE_PASSWORD_FILE`.
  String variable() {
    return "ONGSUNG_"
        + name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").replace('.', '_').toUpperCase(Locale.ROOT);
  }

  /// The value of that variable.
  ///
  /// @throws ConfigurationException when it is not a good one
  Optional<T> fromVariable(String text, Path base) throws ConfigurationException {
    try {
      return YamlReader.read(
          variable(),
          leaf() + ": " + asYaml(text),
          YamlLimits.DEFAULT,
          mapping -> reading.read(mapping, leaf(), base));
    } catch (YamlException e) {
      List<String> problems = e.problems().stream().map(YamlProblem::message).toList();
      throw new ConfigurationException(
          problems.stream()
              .map(problem -> "environment variable " + variable() + ": " + problem)
              .toList());
    }
  }

  private String asYaml(String text) {
    if (!list) {
      return quoted(text);
    }
    StringBuilder items = new StringBuilder("[");
    for (String item : text.split(",", -1)) {
      if (!item.isBlank()) {
        items.append(items.length() == 1 ? "" : ", ").append(quoted(item.strip()));
      }
    }
    return items.append(']').toString();
  }

  /// A double-quoted scalar (YAML 1.2.2 section 7.3.1).
  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> quoted.append('\\').append(c);
        default -> {
          if (c < 0x20) {
            quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }
}
