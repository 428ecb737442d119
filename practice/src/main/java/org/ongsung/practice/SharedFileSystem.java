package org.ongsung.practice;

import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.Set;
import org.apache.sshd.common.file.FileSystemFactory;
import org.apache.sshd.common.session.SessionContext;
import org.ongsung.practice.files.PracticeFiles;

/// The target's file system as a connection sees it: whoever closes this closes nothing, since SFTP
/// subsystems close theirs and this one belongs to all.
final class SharedFileSystem extends FileSystem {
  private final FileSystem shared;

  private SharedFileSystem(FileSystem shared) {
    this.shared = shared;
  }

  /// Gives every connection the same files.
  static FileSystemFactory factory(PracticeFiles files) {
    return new FileSystemFactory() {
      @Override
      public Path getUserHomeDir(SessionContext session) {
        return files.home();
      }

      @Override
      public FileSystem createFileSystem(SessionContext session) {
        return new SharedFileSystem(files.fileSystem());
      }
    };
  }

  @Override
  public void close() {}

  @Override
  public FileSystemProvider provider() {
    return shared.provider();
  }

  @Override
  public boolean isOpen() {
    return shared.isOpen();
  }

  @Override
  public boolean isReadOnly() {
    return shared.isReadOnly();
  }

  @Override
  public String getSeparator() {
    return shared.getSeparator();
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return shared.getRootDirectories();
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return shared.getFileStores();
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return shared.supportedFileAttributeViews();
  }

  @Override
  public Path getPath(String first, String... more) {
    return shared.getPath(first, more);
  }

  @Override
  public PathMatcher getPathMatcher(String syntaxAndPattern) {
    return shared.getPathMatcher(syntaxAndPattern);
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    return shared.getUserPrincipalLookupService();
  }

  @Override
  public WatchService newWatchService() {
    throw new UnsupportedOperationException("nobody watches the practice files");
  }
}
