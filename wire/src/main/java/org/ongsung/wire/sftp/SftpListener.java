package org.ongsung.wire.sftp;

/// What an [SftpObserver] tells. Called on the thread that shows it bytes (an event loop), so it
/// must not block; what it throws passes through to that thread.
///
/// Operations end in the order of the server's answers, which need not be that of the requests.
/// Looking (stat, readlink, realpath, statvfs and the like) is not told.
public interface SftpListener {
  /// The client asked for an operation; the request has not gone to the server yet. A close is not
  /// asked for here, since what it will carry is not known yet.
  default void requested(SftpOperation operation) {}

  /// An operation ended, or the channel did before it was answered.
  void finished(SftpOperation operation, SftpResult result);
}
