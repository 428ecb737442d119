package org.ongsung.wire.command;

import java.util.List;

/// What an `exec` command line looks like.
///
/// It is for showing and searching, never for deciding what is allowed: the target's shell, aliases
/// and path decide what runs, and a person can name any program `git`. See [CommandRecogniser].
public sealed interface RecognisedCommand {
  /// Nothing that is known: an ordinary command.
  record Ordinary() implements RecognisedCommand {}

  /// The target's end of `scp` in its old protocol.
  ///
  /// @param sendsToClient true for `-f` (download), false for `-t` (upload)
  /// @param paths as written, at least one
  record Scp(boolean sendsToClient, boolean recursive, List<String> paths)
      implements RecognisedCommand {
    public Scp {
      paths = List.copyOf(paths);
    }
  }

  /// The target's end of `rsync`.
  ///
  /// @param sendsToClient true for `--sender` (download), false for upload
  /// @param deletes whether it may delete what the other side lacks
  /// @param paths as written after the `.` that stands for the current directory
  record Rsync(boolean sendsToClient, boolean deletes, List<String> paths)
      implements RecognisedCommand {
    public Rsync {
      paths = List.copyOf(paths);
    }
  }

  /// The target's end of `git fetch`, `git push` or `git archive --remote`.
  record Git(Service service, String repository) implements RecognisedCommand {
    /// Which of git's services.
    public enum Service {
      /// `git-upload-pack`: the client fetches.
      UPLOAD_PACK,
      /// `git-receive-pack`: the client pushes.
      RECEIVE_PACK,
      /// `git-upload-archive`: the client takes an archive.
      UPLOAD_ARCHIVE
    }
  }

  /// An SFTP server started as a command instead of as the subsystem: its streams speak SFTP.
  record SftpServer() implements RecognisedCommand {}
}
