package org.ongsung.directory;

import java.util.List;

/// A change that would break rules of the directory; says all of them, each fit for the person who
/// asked.
public final class DirectoryRuleException extends RuntimeException {
  private final transient List<String> problems;

  public DirectoryRuleException(List<String> problems) {
    super(String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  /// What is wrong, one line each.
  public List<String> problems() {
    return problems;
  }
}
