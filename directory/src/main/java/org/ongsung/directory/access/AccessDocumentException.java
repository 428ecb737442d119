package org.ongsung.directory.access;

import java.util.List;
import org.ongsung.directory.Problem;

/// A document that cannot be used, with every problem found in it. Each says where it is: line and
/// column of a file, or the path of keys in a tree. None shows a secret.
public final class AccessDocumentException extends Exception {
  private final transient List<Problem> problems;

  public AccessDocumentException(List<Problem> problems) {
    super(String.join("\n", Problem.texts(problems)));
    this.problems = List.copyOf(problems);
  }

  /// What is wrong.
  public List<Problem> problems() {
    return problems;
  }
}
