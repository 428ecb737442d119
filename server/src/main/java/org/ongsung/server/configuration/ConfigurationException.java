package org.ongsung.server.configuration;

import java.util.List;

/// A configuration that cannot be used, with everything that is wrong in it.
public final class ConfigurationException extends Exception {
  private final transient List<String> problems;

  public ConfigurationException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /// One line each, with the file and line or the environment variable.
  public List<String> problems() {
    return problems;
  }
}
