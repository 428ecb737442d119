package org.ongsung.wire.sftp;

/// A file operation that a client asked for.
///
/// Paths are as the client wrote them (relative ones stand against the account's home directory),
/// decoded as UTF-8 with U+FFFD for what is not. They are data from a stranger: never a path of
/// ours, and escaped wherever they are shown ([org.ongsung.wire.text.VisibleText]).
public sealed interface SftpOperation {
  /// A file was to be opened.
  ///
  /// @param flags SSH_FXF bits: see [#reads], [#writes]
  record Open(String path, int flags) implements SftpOperation {
    private static final int READ = 0x1;
    private static final int WRITE = 0x2;
    private static final int APPEND = 0x4;
    private static final int CREATE = 0x8;
    private static final int TRUNCATE = 0x10;
    private static final int EXCLUSIVE = 0x20;

    /// Whether it was opened to be read.
    public boolean reads() {
      return (flags & READ) != 0;
    }

    /// Whether it was opened to be written or appended to.
    public boolean writes() {
      return (flags & (WRITE | APPEND)) != 0;
    }

    /// Whether it was to be made if absent.
    public boolean creates() {
      return (flags & CREATE) != 0;
    }

    /// Whether what it held was to be thrown away.
    public boolean truncates() {
      return (flags & TRUNCATE) != 0;
    }

    /// In a few words: `read`, `write create truncate`.
    public String describe() {
      StringBuilder words = new StringBuilder();
      append(words, READ, " read");
      append(words, WRITE, " write");
      append(words, APPEND, " append");
      append(words, CREATE, " create");
      append(words, TRUNCATE, " truncate");
      append(words, EXCLUSIVE, " exclusive");
      return words.isEmpty() ? "" : words.substring(1);
    }

    private void append(StringBuilder words, int bit, String word) {
      if ((flags & bit) != 0) {
        words.append(word);
      }
    }
  }

  /// A file was closed, by the client or by the end of the channel (then the result is
  /// [SftpResult#UNANSWERED]).
  ///
  /// @param path as it was opened
  /// @param bytesRead what the server sent of it
  /// @param bytesWritten what the server confirmed as written to it; without `copy-data`
  record Close(String path, long bytesRead, long bytesWritten) implements SftpOperation {}

  /// A directory was to be listed.
  record OpenDirectory(String path) implements SftpOperation {}

  /// A directory was closed, like [Close].
  ///
  /// @param entries how many names the server sent
  record CloseDirectory(String path, long entries) implements SftpOperation {}

  /// A file was to be removed.
  record Remove(String path) implements SftpOperation {}

  /// A directory was to be made.
  record MakeDirectory(String path) implements SftpOperation {}

  /// A directory was to be removed.
  record RemoveDirectory(String path) implements SftpOperation {}

  /// Something was to get another name.
  ///
  /// @param posix whether by `posix-rename@openssh.com`, which replaces what has the new name
  record Rename(String from, String to, boolean posix) implements SftpOperation {}

  /// A symbolic link was to be made. OpenSSH sends the arguments in the other order than the draft
  /// says, and everyone follows OpenSSH; a server that follows the draft would have them swapped
  /// here.
  record SymbolicLink(String target, String link) implements SftpOperation {}

  /// A hard link was to be made.
  record HardLink(String existing, String link) implements SftpOperation {}

  /// Attributes were to be set, by path or by an open file's path.
  ///
  /// @param followsLinks false for `lsetstat@openssh.com`
  record SetAttributes(String path, SftpAttributes attributes, boolean followsLinks)
      implements SftpOperation {}

  /// Data was to be copied on the server from one open file to another.
  ///
  /// @param length in bytes, unsigned; 0 means up to the end of the file
  record CopyData(String from, String to, long length) implements SftpOperation {}

  /// An extension was used that this observer does not know, so that its effect is not known
  /// either.
  ///
  /// @param arguments how many bytes of arguments it had
  record UnknownExtension(String name, int arguments) implements SftpOperation {}
}
