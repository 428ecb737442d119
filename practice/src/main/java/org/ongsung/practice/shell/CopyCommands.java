package org.ongsung.practice.shell;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.ongsung.practice.files.PracticeFiles;

/// Commands that copy, move and remove.
final class CopyCommands {
  private CopyCommands() {}

  static void addTo(Map<String, Command> all) {
    all.put("cp", CopyCommands::cp);
    all.put("mv", CopyCommands::mv);
    all.put("rm", CopyCommands::rm);
  }

  private interface Work {
    void at(Path from, Path to) throws IOException;
  }

  private static int cp(Invocation call) throws IOException {
    var options = call.options("rRapf");
    if (options == null) {
      return 1;
    }
    boolean recursive = options.has('r') || options.has('R') || options.has('a');
    return each(
        call,
        options.operands(),
        (from, to) -> {
          if (Files.isDirectory(from) && !recursive) {
            throw new FileSystemException(from.toString(), null, "-r not specified");
          }
          if (to.startsWith(from)) {
            throw new FileSystemException(from.toString(), null, "cannot be copied into itself");
          }
          copy(call, from, to);
        });
  }

  private static void copy(Invocation call, Path from, Path to) throws IOException {
    call.job().check();
    if (Files.isDirectory(from)) {
      if (!Files.isDirectory(to)) {
        call.shell().files().reserveEntry(to);
        Files.createDirectory(to);
        Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(from));
      }
      try (DirectoryStream<Path> children = Files.newDirectoryStream(from)) {
        for (Path child : children) {
          copy(call, child, to.resolve(child.getFileName()));
        }
      }
      return;
    }
    try (InputStream in = call.shell().open(from);
        OutputStream out =
            Streams.guarded(call.shell().create(to, false), call.job(), Long.MAX_VALUE)) {
      in.transferTo(out);
    }
  }

  private static int mv(Invocation call) throws IOException {
    var options = call.options("f");
    if (options == null) {
      return 1;
    }
    return each(
        call,
        options.operands(),
        (from, to) -> {
          if (to.startsWith(from) && !to.equals(from)) {
            throw new FileSystemException(from.toString(), null, "cannot be moved into itself");
          }
          Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        });
  }

  /// Works on each source with its place at the destination: the destination itself, or in it if it
  /// is a folder.
  private static int each(Invocation call, List<String> operands, Work work) throws IOException {
    if (operands.size() < 2) {
      return call.fail("missing file operand");
    }
    Path destination = call.path(operands.getLast());
    boolean intoFolder = Files.isDirectory(destination);
    if (operands.size() > 2 && !intoFolder) {
      return call.fail("target '" + operands.getLast() + "': Not a directory");
    }
    int status = 0;
    for (String operand : operands.subList(0, operands.size() - 1)) {
      Path from = call.path(operand);
      try {
        Path name = from.getFileName();
        work.at(from, intoFolder && name != null ? destination.resolve(name) : destination);
      } catch (IOException e) {
        status = call.fail(operand, e);
      }
    }
    return status;
  }

  private static int rm(Invocation call) throws IOException {
    var options = call.options("rRfv");
    if (options == null) {
      return 1;
    }
    if (options.operands().isEmpty() && !options.has('f')) {
      return call.fail("missing operand");
    }
    boolean recursive = options.has('r') || options.has('R');
    int status = 0;
    for (String operand : options.operands()) {
      Path path = call.path(operand);
      try {
        if (!PracticeFiles.exists(path) && options.has('f')) {
          continue;
        }
        if (path.getParent() == null || path.equals(call.shell().files().home())) {
          throw new FileSystemException(operand, null, "it is better kept");
        }
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) && !recursive) {
          throw new FileSystemException(operand, null, "Is a directory");
        }
        remove(call, path);
      } catch (IOException e) {
        status = call.fail("cannot remove '" + operand + "'", e);
      }
    }
    return status;
  }

  private static void remove(Invocation call, Path path) throws IOException {
    call.job().check();
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      try (DirectoryStream<Path> children = Files.newDirectoryStream(path)) {
        for (Path child : children) {
          remove(call, child);
        }
      }
    }
    Files.delete(path);
  }
}
