package org.ongsung.gateway.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// The files of a target, open and logged in. Everything that is asked of it is in the record
/// before it reaches the target, with what became of it.
///
/// Any threads; a long transfer keeps nobody else from looking around. An [IOException] that is no
/// [FileRefusedException] means that the connection is lost; a [FileLateException] that it was
/// given up.
public interface FileUpstream extends AutoCloseable {
  /// The account's own folder.
  FilePath home() throws IOException;

  /// What lies at `path`, links followed.
  FileEntry look(FilePath path) throws IOException;

  /// What lies at `path` itself, links not followed.
  FileEntry lookAt(FilePath path) throws IOException;

  /// What lies in a folder, links not followed, without `.` and `..`.
  ///
  /// @param most how many entries to give, at most
  FileListing list(FilePath folder, int most) throws IOException;

  /// Opens a file to be read from its beginning. What was not asked for by `read` yet is fetched
  /// ahead by at most half a MiB.
  InputStream read(FilePath file) throws IOException;

  /// Makes a file where there is nothing, and opens it to be written from its beginning. Its
  /// `close` fails when the target has not taken all of it. [Upload] is how people's files come in.
  ///
  /// @param permissions the nine bits of a POSIX mode, as far as the target lets the account set
  ///   them; -1 for what the target gives a new file
  OutputStream create(FilePath file, int permissions) throws IOException;

  void makeFolder(FilePath folder) throws IOException;

  /// Gives something another name; never in the place of something that is there.
  void rename(FilePath from, FilePath to) throws IOException;

  /// Whether the target can [#replace].
  boolean replaces();

  /// Gives something another name in one step, in the place of what is there.
  void replace(FilePath from, FilePath to) throws IOException;

  void removeFile(FilePath file) throws IOException;

  /// Removes a folder that is empty.
  void removeFolder(FilePath folder) throws IOException;

  /// Calls `listener` once when the connection is lost or closed; at once if it is.
  void onClosed(Runnable listener);

  /// From any thread; unblocks all the others, and ends the channel's record.
  @Override
  void close();
}
