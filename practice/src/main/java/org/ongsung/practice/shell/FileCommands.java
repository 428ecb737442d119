package org.ongsung.practice.shell;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ongsung.practice.files.PracticeFiles;
import org.ongsung.practice.terminal.CharacterWidth;
import org.ongsung.practice.terminal.Terminal;

/// Commands about folders and what stands in them.
final class FileCommands {
  private static final int MAX_COMPLETIONS = 1000;

  private FileCommands() {}

  static void addTo(Map<String, Command> all) {
    all.put("ls", FileCommands::ls);
    all.put("ll", call -> ls(withFirst(call, "-l")));
    all.put("cd", FileCommands::cd);
    all.put("pwd", FileCommands::pwd);
    all.put("mkdir", FileCommands::mkdir);
    all.put("rmdir", FileCommands::rmdir);
    all.put("touch", FileCommands::touch);
    all.put("chmod", FileCommands::chmod);
    all.put("ln", FileCommands::ln);
    all.put("df", FileCommands::df);
    all.put("du", FileCommands::du);
  }

  private static Invocation withFirst(Invocation call, String argument) {
    List<String> arguments = new ArrayList<>(List.of(argument));
    arguments.addAll(call.arguments());
    return new Invocation(call.shell(), call.job(), call.name(), arguments, call.streams());
  }

  private static int ls(Invocation call) throws IOException {
    var options = call.options("alAh1dFt");
    if (options == null) {
      return 2;
    }
    List<String> operands = options.operands().isEmpty() ? List.of(".") : options.operands();
    int status = 0;
    List<String> plain = new ArrayList<>();
    List<String> folders = new ArrayList<>();
    for (String operand : operands) {
      Path path = call.path(operand);
      if (!PracticeFiles.exists(path)) {
        status = 2;
        call.fail("cannot access '" + operand + "': No such file or directory");
      } else if (Files.isDirectory(path) && !options.has('d')) {
        folders.add(operand);
      } else {
        plain.add(operand);
      }
    }
    show(call, options, null, plain);
    for (String folder : folders) {
      if (operands.size() > 1) {
        call.println(
            (folder.equals(folders.getFirst()) && plain.isEmpty() ? "" : "\n") + folder + ":");
      }
      show(call, options, call.path(folder), names(call.path(folder), options));
    }
    return status;
  }

  private static List<String> names(Path folder, Invocation.Options options) throws IOException {
    List<String> names = new ArrayList<>();
    if (options.has('a')) {
      names.addAll(List.of(".", ".."));
    }
    try (DirectoryStream<Path> each = Files.newDirectoryStream(folder)) {
      each.forEach(path -> names.add(path.getFileName().toString()));
    }
    names.removeIf(name -> name.startsWith(".") && !options.has('a') && !options.has('A'));
    names.sort(null);
    return names;
  }

  private static void show(
      Invocation call, Invocation.Options options, @Nullable Path folder, List<String> names)
      throws IOException {
    if (!options.has('l')) {
      columns(call, names, options.has('1'));
      return;
    }
    if (folder != null) {
      call.println("total " + names.size());
    }
    for (String name : names) {
      call.job().check();
      Path path = folder == null ? call.path(name) : folder.resolve(name).normalize();
      call.println(
          Listing.of(path, name, call.shell().surroundings().clock().getZone(), options.has('h')));
    }
  }

  /// Names side by side on a terminal, one a line elsewhere.
  private static void columns(Invocation call, List<String> names, boolean single)
      throws IOException {
    Terminal terminal = call.shell().terminal();
    int widest = names.stream().mapToInt(CharacterWidth::of).max().orElse(0) + 2;
    int perLine = terminal == null || single ? 1 : Math.max(1, terminal.columns() / widest);
    StringBuilder line = new StringBuilder();
    for (int index = 0; index < names.size(); index++) {
      String name = names.get(index);
      line.append(name);
      if ((index + 1) % perLine == 0 || index == names.size() - 1) {
        call.println(line.toString());
        line.setLength(0);
      } else {
        line.append(" ".repeat(widest - CharacterWidth.of(name)));
      }
    }
  }

  private static int cd(Invocation call) throws IOException {
    if (call.arguments().size() > 1) {
      return call.fail("too many arguments");
    }
    Map<String, String> variables = call.shell().variables();
    String target = call.arguments().isEmpty() ? "~" : call.arguments().getFirst();
    if (target.equals("~")) {
      target = variables.getOrDefault("HOME", "/");
    } else if (target.equals("-")) {
      target = variables.getOrDefault("OLDPWD", call.shell().folder().toString());
      call.println(target);
    }
    Path folder = call.path(target);
    if (!Files.isDirectory(folder)) {
      return call.fail(
          target,
          Files.exists(folder)
              ? new NotDirectoryException(target)
              : new NoSuchFileException(target));
    }
    call.shell().enter(folder);
    return 0;
  }

  private static int pwd(Invocation call) throws IOException {
    call.println(call.shell().folder().toString());
    return 0;
  }

  private static int mkdir(Invocation call) throws IOException {
    var options = call.options("p");
    if (options == null || options.operands().isEmpty()) {
      return options == null ? 1 : call.fail("missing operand");
    }
    int status = 0;
    for (String operand : options.operands()) {
      try {
        make(call, call.path(operand), options.has('p'));
      } catch (IOException e) {
        status = call.fail("cannot create directory '" + operand + "'", e);
      }
    }
    return status;
  }

  private static void make(Invocation call, Path folder, boolean parents) throws IOException {
    if (parents && Files.isDirectory(folder)) {
      return;
    }
    Path parent = folder.getParent();
    if (parents && parent != null && !Files.isDirectory(parent)) {
      make(call, parent, true);
    }
    if (PracticeFiles.exists(folder)) {
      throw new FileAlreadyExistsException(folder.toString());
    }
    call.shell().files().reserveEntry(folder);
    Files.createDirectory(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static int rmdir(Invocation call) throws IOException {
    int status = call.arguments().isEmpty() ? call.fail("missing operand") : 0;
    for (String operand : call.arguments()) {
      Path path = call.path(operand);
      try {
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) && PracticeFiles.exists(path)) {
          throw new NotDirectoryException(operand);
        }
        Files.delete(path);
      } catch (IOException e) {
        status = call.fail("failed to remove '" + operand + "'", e);
      }
    }
    return status;
  }

  private static int touch(Invocation call) throws IOException {
    int status = call.arguments().isEmpty() ? call.fail("missing file operand") : 0;
    for (String operand : call.arguments()) {
      Path path = call.path(operand);
      try {
        if (!Files.exists(path)) {
          try (OutputStream made = call.shell().create(path, true)) {
            made.flush();
          }
        }
        Files.setLastModifiedTime(
            path, FileTime.from(call.shell().surroundings().clock().instant()));
      } catch (IOException e) {
        status = call.fail("cannot touch '" + operand + "'", e);
      }
    }
    return status;
  }

  private static int chmod(Invocation call) throws IOException {
    if (call.arguments().size() < 2) {
      return call.fail("missing operand");
    }
    String mode = call.arguments().getFirst();
    if (!mode.matches("0?[0-7]{3}") && !mode.equals("+x")) {
      return call.fail("invalid mode: '" + mode + "' (known are 644 and the like, and +x)");
    }
    int status = 0;
    for (String operand : call.arguments().subList(1, call.arguments().size())) {
      Path path = call.path(operand);
      try {
        Files.setPosixFilePermissions(path, permissions(mode, path));
      } catch (IOException e) {
        status = call.fail("cannot access '" + operand + "'", e);
      }
    }
    return status;
  }

  private static Set<PosixFilePermission> permissions(String mode, Path path) throws IOException {
    if (mode.equals("+x")) {
      Set<PosixFilePermission> more = EnumSet.copyOf(Files.getPosixFilePermissions(path));
      more.add(PosixFilePermission.OWNER_EXECUTE);
      more.add(PosixFilePermission.GROUP_EXECUTE);
      more.add(PosixFilePermission.OTHERS_EXECUTE);
      return more;
    }
    return ModeBits.parse(mode);
  }

  private static int ln(Invocation call) throws IOException {
    var options = call.options("sf");
    if (options == null || options.operands().size() != 2) {
      return options == null ? 1 : call.fail("usage: ln [-s] TARGET NAME");
    }
    String target = options.operands().getFirst();
    Path link = call.path(options.operands().getLast());
    try {
      if (Files.isDirectory(link)) {
        link = link.resolve(call.path(target).getFileName());
      }
      if (options.has('f')) {
        Files.deleteIfExists(link);
      }
      call.shell().files().reserveEntry(link);
      if (options.has('s')) {
        Files.createSymbolicLink(link, call.shell().files().path(target));
      } else {
        Files.createLink(link, call.path(target));
      }
      return 0;
    } catch (IOException e) {
      return call.fail("failed to create link '" + options.operands().getLast() + "'", e);
    }
  }

  private static int df(Invocation call) throws IOException {
    FileStore store = call.shell().files().store();
    long total = store.getTotalSpace();
    long free = store.getUnallocatedSpace();
    call.println("Filesystem      Size  Used Avail Mounted on");
    call.println(
        "%-14s %5s %5s %5s /"
            .formatted(
                "memory", Listing.human(total), Listing.human(total - free), Listing.human(free)));
    return 0;
  }

  private static int du(Invocation call) throws IOException {
    var options = call.options("sh");
    if (options == null) {
      return 1;
    }
    int status = 0;
    for (String operand : options.operands().isEmpty() ? List.of(".") : options.operands()) {
      try (Stream<Path> all = Files.walk(call.path(operand))) {
        long bytes = 0;
        for (Path each : (Iterable<Path>) all::iterator) {
          call.job().check();
          bytes += Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS) ? Files.size(each) : 0;
        }
        String size =
            options.has('h') ? Listing.human(bytes) : Long.toString((bytes + 1023) / 1024);
        call.println(size + "\t" + operand);
      } catch (IOException e) {
        status = call.fail("cannot access '" + operand + "'", e);
      }
    }
    return status;
  }

  /// File names that begin with the word, folders with a slash at their end.
  static List<String> complete(PracticeShell shell, String word) throws IOException {
    int slash = word.lastIndexOf('/');
    String base = word.substring(0, slash + 1);
    String start = word.substring(slash + 1);
    String opened =
        base.startsWith("~/") ? shell.variables().get("HOME") + base.substring(1) : base;
    Path folder = shell.resolve(opened.isEmpty() ? "." : opened);
    List<String> found = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return found;
    }
    try (DirectoryStream<Path> names = Files.newDirectoryStream(folder)) {
      for (Path each : names) {
        String name = each.getFileName().toString();
        boolean hidden = name.startsWith(".") && !start.startsWith(".");
        if (name.startsWith(start) && !hidden && found.size() < MAX_COMPLETIONS) {
          found.add(base + name + (Files.isDirectory(each) ? "/" : " "));
        }
      }
    }
    found.sort(null);
    return found;
  }
}
