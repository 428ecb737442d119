package org.ongsung.directory.bulk;

import java.util.ArrayList;
import java.util.List;
import org.ongsung.directory.Problem;
import org.ongsung.directory.access.AccessDocumentException;

/// What is wrong with a list, by line, and what was passed over. Not for several threads.
final class Findings {
  private final List<Problem> problems = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  /// Notes what no code says.
  void problem(int line, String text) {
    problem(line, Problem.of(Problem.Code.IN_LIST, text, text));
  }

  /// Notes a problem of an entry that stands on `line`.
  void problem(int line, Problem problem) {
    if (problems.size() < BulkImport.MAX_PROBLEMS) {
      String where = "line[" + (line - 1) + "]";
      problems.add(
          new Problem(
              problem.code(),
              problem.where().isEmpty() ? where : where + "." + problem.where(),
              problem.arguments(),
              "line " + line + ": " + problem.text()));
    }
  }

  void note(int line, String text) {
    if (notes.size() < BulkImport.MAX_NOTES) {
      notes.add("line " + line + ": " + text);
    }
  }

  /// Whether nothing is wrong so far.
  boolean areNone() {
    return problems.isEmpty();
  }

  List<String> notes() {
    return notes;
  }

  void finish() throws AccessDocumentException {
    if (!problems.isEmpty()) {
      throw new AccessDocumentException(problems);
    }
  }
}
