package org.ongsung.directory.access;

import java.util.List;

/// A document that cannot be used, with every problem found in it. Each says where it is: line and
/// column of a file, or the path of keys in a tree. None shows a secret.
public final class AccessDocumentException extends Exception {
  private final transient List<String> problems;

  public AccessDocumentException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /// What is wrong, one line each.
  public List<String> problems() {
    return problems;
  }
}
