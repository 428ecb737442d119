package org.ongsung.directory.access;

import java.util.List;
import org.ongsung.directory.DirectoryChange;

/// What has to happen to a directory for it to be as a document says.
///
/// @param notes what people should know about it: what was kept in spite of pruning, what is still
///   missing
record AccessPlan(DirectoryChange change, List<String> notes) {
  AccessPlan {
    notes = List.copyOf(notes);
  }
}
