package org.ongsung.practice.shell;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import org.jspecify.annotations.Nullable;

/// What a file system's refusals are called on a Unix system.
final class FileErrors {
  private FileErrors() {}

  static String describe(IOException cause) {
    return switch (cause) {
      case NoSuchFileException _ -> "No such file or directory";
      case FileAlreadyExistsException _ -> "File exists";
      case DirectoryNotEmptyException _ -> "Directory not empty";
      case NotDirectoryException _ -> "Not a directory";
      case NotLinkException _ -> "Invalid argument";
      case AccessDeniedException _ -> "Permission denied";
      case FileSystemLoopException _ -> "Too many levels of symbolic links";
      case FileSystemException e -> reason(e.getReason());
      default -> reason(cause.getMessage());
    };
  }

  private static String reason(@Nullable String reason) {
    if (reason == null) {
      return "Input/output error";
    }
    return switch (reason) {
      case "out of disk space" -> "No space left on device";
      case "not a regular file" -> "Is a directory";
      default -> reason;
    };
  }
}
