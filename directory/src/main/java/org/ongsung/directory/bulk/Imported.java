package org.ongsung.directory.bulk;

import java.util.List;
import org.ongsung.directory.access.AccessDocument;

/// What a list says, ready to be applied.
///
/// @param notes what was passed over, for people; at most [BulkImport#MAX_NOTES]
public record Imported(AccessDocument document, List<String> notes) {
  public Imported {
    notes = List.copyOf(notes);
  }
}
