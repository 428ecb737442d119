package org.ongsung.gateway.files;

import org.ongsung.gateway.OpenSession;

/// The way to the files of targets of one protocol.
@FunctionalInterface
public interface FileDialler {
  /// Connects and logs in to the target of `session`'s grant with what the vault holds, and opens
  /// the record of the channel before its first byte. Blocks; an interrupt ends it.
  FileUpstream dial(OpenSession session) throws FileDialException, InterruptedException;
}
