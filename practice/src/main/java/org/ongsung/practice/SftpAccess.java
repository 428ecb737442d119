package org.ongsung.practice;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.CopyOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.util.Collection;
import java.util.Set;
import org.apache.sshd.sftp.server.FileHandle;
import org.apache.sshd.sftp.server.SftpFileSystemAccessor;
import org.apache.sshd.sftp.server.SftpSubsystemProxy;
import org.ongsung.practice.files.PracticeFiles;

/// Counts what SFTP makes in the file system.
final class SftpAccess implements SftpFileSystemAccessor {
  private final PracticeFiles files;

  SftpAccess(PracticeFiles files) {
    this.files = files;
  }

  @Override
  public SeekableByteChannel openFile(
      SftpSubsystemProxy subsystem,
      FileHandle handle,
      Path file,
      String id,
      Set<? extends OpenOption> options,
      FileAttribute<?>... attributes)
      throws IOException {
    if (!PracticeFiles.exists(file)) {
      files.reserveEntry(file);
    }
    return SftpFileSystemAccessor.super.openFile(subsystem, handle, file, id, options, attributes);
  }

  @Override
  public void createDirectory(SftpSubsystemProxy subsystem, Path path) throws IOException {
    files.reserveEntry(path);
    SftpFileSystemAccessor.super.createDirectory(subsystem, path);
  }

  @Override
  public void createLink(SftpSubsystemProxy subsystem, Path link, Path existing, boolean symbolic)
      throws IOException {
    files.reserveEntry(link);
    SftpFileSystemAccessor.super.createLink(subsystem, link, existing, symbolic);
  }

  @Override
  public void copyFile(
      SftpSubsystemProxy subsystem, Path source, Path target, Collection<CopyOption> options)
      throws IOException {
    files.reserveEntry(target);
    SftpFileSystemAccessor.super.copyFile(subsystem, source, target, options);
  }
}
