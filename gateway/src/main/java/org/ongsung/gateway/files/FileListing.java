package org.ongsung.gateway.files;

import java.util.List;

/// What lies in a folder, as the target named it.
///
/// @param more whether there is more than was asked for
public record FileListing(List<FileEntry> entries, boolean more) {
  public FileListing {
    entries = List.copyOf(entries);
  }
}
