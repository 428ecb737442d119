package org.ongsung.directory;

import java.util.List;

/// A change that would break rules of the directory; says all of them, each fit for the person who
/// asked.
public final class DirectoryRuleException extends RuntimeException {
  private final transient List<Problem> problems;

  public DirectoryRuleException(List<Problem> problems) {
    super(String.join("; ", Problem.texts(problems)));
    this.problems = List.copyOf(problems);
  }

  /// What is wrong.
  public List<Problem> problems() {
    return problems;
  }
}
