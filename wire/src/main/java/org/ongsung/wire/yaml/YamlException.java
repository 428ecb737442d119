package org.ongsung.wire.yaml;

import java.util.List;
import java.util.stream.Collectors;

/// A YAML document that cannot be used, with every problem that was found in it, in the document's
/// order.
public final class YamlException extends Exception {
  private final transient List<YamlProblem> problems;

  YamlException(List<YamlProblem> problems) {
    super(problems.stream().map(YamlProblem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /// What is wrong; never empty.
  public List<YamlProblem> problems() {
    return problems;
  }
}
