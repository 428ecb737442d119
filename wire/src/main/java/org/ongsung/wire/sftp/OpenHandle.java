package org.ongsung.wire.sftp;

import org.jspecify.annotations.Nullable;

/// An open file or directory and what passed through it.
final class OpenHandle {
  final byte[] id;
  final String path;
  final boolean directory;
  long bytesRead;
  long bytesWritten;
  long entries;
  boolean closing;

  /// The next handle of the same bucket.
  @Nullable OpenHandle next;

  OpenHandle(byte[] id, String path, boolean directory) {
    this.id = id;
    this.path = path;
    this.directory = directory;
  }

  SftpOperation close() {
    return directory
        ? new SftpOperation.CloseDirectory(path, entries)
        : new SftpOperation.Close(path, bytesRead, bytesWritten);
  }
}
