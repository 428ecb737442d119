package org.ongsung.wire.yaml;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/// The problems found so far in one document.
final class Problems {
  private final String source;
  private final int max;
  private final List<YamlProblem> found = new ArrayList<>();

  Problems(String source, int max) {
    this.source = source;
    this.max = max;
  }

  void add(Node node, String message) {
    add(node.getStartMark(), message);
  }

  void add(Optional<Mark> mark, String message) {
    add(
        mark.map(place -> place.getLine() + 1).orElse(1),
        mark.map(place -> place.getColumn() + 1).orElse(1),
        message);
  }

  void add(int line, int column, String message) {
    YamlProblem problem = new YamlProblem(source, line, column, message);
    if (found.contains(problem)) {
      return;
    }
    found.add(problem);
    if (found.size() >= max) {
      throw new TooMany();
    }
  }

  int count() {
    return found.size();
  }

  boolean none() {
    return found.isEmpty();
  }

  YamlException toException() {
    found.sort(Comparator.comparingInt(YamlProblem::line).thenComparingInt(YamlProblem::column));
    return new YamlException(found);
  }

  /// Thrown through the caller's own reading functions once there is no room for another problem.
  static final class TooMany extends RuntimeException {
    TooMany() {
      super("too many problems", null, false, false);
    }
  }
}
