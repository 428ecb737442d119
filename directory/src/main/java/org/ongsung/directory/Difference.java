package org.ongsung.directory;

import java.util.List;
import org.ongsung.model.Name;

/// What a change does to one entry of the directory, fit to be read by people and kept in the
/// ledger: of passwords and secrets it tells only that they are `set`, `changed` or `none`.
///
/// @param changes the fields that differ, in the order of the access file; of a new entry those
///   that are not empty, of a deleted one those that were not
public record Difference(Kind kind, Name name, Action action, List<Change> changes) {
  public Difference {
    changes = List.copyOf(changes);
  }

  /// What kind of entry.
  public enum Kind {
    USER("user"),
    GROUP("group"),
    TARGET("target"),
    GRANT("grant");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /// The word in API and output.
    public String text() {
      return text;
    }
  }

  /// What becomes of the entry.
  public enum Action {
    CREATE("create"),
    CHANGE("change"),
    DELETE("delete");

    private final String text;

    Action(String text) {
      this.text = text;
    }

    /// The word in API and output.
    public String text() {
      return text;
    }
  }

  /// One field before and after; empty means that there was or will be nothing.
  public record Change(String field, String before, String after) {}
}
