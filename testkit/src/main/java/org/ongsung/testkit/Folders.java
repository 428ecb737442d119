package org.ongsung.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Temporary folders of mode 0700.
public final class Folders {
  private Folders() {}

  /// A new folder; its path is short enough for Unix sockets in it.
  public static Path temporary(String prefix) {
    try {
      return Files.createTempDirectory(
          prefix,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A new folder of that path.
  public static Path make(Path folder) {
    try {
      return Files.createDirectory(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A new folder that is deleted when the JVM ends.
  public static Path untilExit(String prefix) {
    Path folder = temporary(prefix);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
    return folder;
  }

  /// Deletes a folder with all that is in it; links in it are deleted, not followed. A program that
  /// is ending may write into it yet, which is waited for.
  public static void delete(Path folder) {
    Deadlines.await("nobody writes into " + folder + " any more", () -> tryToDelete(folder));
  }

  private static boolean tryToDelete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new Changing() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path each, @Nullable IOException failure)
              throws IOException {
            try {
              Files.deleteIfExists(each);
            } catch (DirectoryNotEmptyException e) {
              // Something was written meanwhile.
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return !Files.exists(folder, LinkOption.NOFOLLOW_LINKS);
  }

  /// The files in a folder and in those below it, while others may come and go.
  ///
  /// @param leftOut names of folders that are not looked into
  public static List<Path> files(Path folder, String... leftOut) {
    Set<String> names = Set.of(leftOut);
    List<Path> found = new ArrayList<>();
    try {
      Files.walkFileTree(
          folder,
          new Changing() {
            @Override
            public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) {
              Path name = each.getFileName();
              return name != null && !each.equals(folder) && names.contains(name.toString())
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (attributes.isRegularFile()) {
                found.add(file);
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  /// The files in a folder and in those below it that hold the text, in UTF-8.
  public static List<Path> filesWith(Path folder, String text) {
    String wanted = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    return files(folder).stream().filter(file -> holds(file, wanted)).toList();
  }

  private static boolean holds(Path file, String bytes) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1).contains(bytes);
    } catch (NoSuchFileException e) {
      return false; // it was a temporary one
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Of a folder in which others write: what is gone once it is looked at is none of it.
  private static class Changing extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }
  }
}
