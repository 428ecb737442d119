package org.ongsung.directory.access;

import java.util.List;
import org.ongsung.directory.Difference;

/// What came of applying a document.
///
/// @param differences what changed, or would change
/// @param notes what people should know besides
/// @param applied whether it was done: false for a dry run, and when there was nothing to do
public record AccessResult(List<Difference> differences, List<String> notes, boolean applied) {
  public AccessResult {
    differences = List.copyOf(differences);
    notes = List.copyOf(notes);
  }
}
