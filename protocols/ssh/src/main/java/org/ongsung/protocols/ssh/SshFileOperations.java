package org.ongsung.protocols.ssh;

import org.ongsung.model.Shown;
import org.ongsung.recording.ChannelRecorder;
import org.ongsung.wire.sftp.SftpListener;
import org.ongsung.wire.sftp.SftpOperation;
import org.ongsung.wire.sftp.SftpResult;

/// Puts what an SFTP channel does to files into the channel's record.
final class SshFileOperations implements SftpListener {
  private static final int MAX_MESSAGE_CHARACTERS = 200;

  private final ChannelRecorder recorder;
  private boolean room = true;

  SshFileOperations(ChannelRecorder recorder) {
    this.recorder = recorder;
  }

  /// Whether the record had room for all since the last call.
  boolean hadRoom() {
    boolean had = room;
    room = true;
    return had;
  }

  @Override
  public void finished(SftpOperation operation, SftpResult result) {
    switch (operation) {
      case SftpOperation.Open o -> add("open", o.path(), "", o.describe(), 0, 0, result);
      case SftpOperation.Close c ->
          add("close", c.path(), "", "", c.bytesRead(), c.bytesWritten(), result);
      case SftpOperation.OpenDirectory d -> add("list", d.path(), "", "", 0, 0, result);
      case SftpOperation.CloseDirectory _ -> {} // the listing is in the record since it began
      case SftpOperation.Remove r -> add("remove", r.path(), "", "", 0, 0, result);
      case SftpOperation.MakeDirectory m -> add("mkdir", m.path(), "", "", 0, 0, result);
      case SftpOperation.RemoveDirectory r -> add("rmdir", r.path(), "", "", 0, 0, result);
      case SftpOperation.Rename r ->
          add("rename", r.from(), r.to(), r.posix() ? "replacing" : "", 0, 0, result);
      case SftpOperation.SymbolicLink s -> add("symlink", s.link(), s.target(), "", 0, 0, result);
      case SftpOperation.HardLink h -> add("hardlink", h.link(), h.existing(), "", 0, 0, result);
      case SftpOperation.SetAttributes s ->
          add("setstat", s.path(), "", s.attributes().describe(), 0, 0, result);
      case SftpOperation.CopyData c -> add("copy", c.from(), c.to(), "", 0, 0, result);
      case SftpOperation.UnknownExtension u ->
          add("extension", "", "", Shown.plain(u.name(), MAX_MESSAGE_CHARACTERS), 0, 0, result);
    }
  }

  private void add(
      String kind,
      String path,
      String otherPath,
      String detail,
      long read,
      long written,
      SftpResult result) {
    String message = Shown.plain(result.message(), MAX_MESSAGE_CHARACTERS);
    String outcome =
        result.ok() || message.isEmpty() ? result.name() : result.name() + ": " + message;
    room &= recorder.fileOperation(kind, path, otherPath, detail, read, written, outcome);
  }
}
