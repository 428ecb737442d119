package org.ongsung.server.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.ongsung.cli.CommandFailure;
import org.ongsung.cli.ExitCode;
import org.ongsung.cli.show.Measures;
import org.ongsung.cli.words.Phrase;
import org.ongsung.server.archive.TarWriter;
import org.ongsung.server.data.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `ongsung package [FILE]`.
@Command(
    name = "package",
    description = {
      "Make a tar.gz of this Ongsung with a Java runtime of its own.",
      "It starts on machines of the same system and processor without any Java: unpack it and run"
          + " ongsung in it."
    })
final class PackageCommand extends ServerCommand {
  /// All of the standard platform, since libraries name classes of it in odd places (MINA knows an
  /// exception of RMI), and beyond it: encodings such as CP949, Korean dates, cryptography, and the
  /// memory access of libraries.
  private static final String MODULES =
      "java.se,jdk.charsets,jdk.crypto.cryptoki,jdk.crypto.ec,jdk.localedata,jdk.management,"
          + "jdk.net,jdk.unsupported,jdk.zipfs";

  private static final int PROGRAM_MODE = 0755;
  private static final int FILE_MODE = 0644;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "What to write. Default: ongsung-VERSION-SYSTEM.tar.gz here.")
  private @Nullable Path file;

  @Override
  int run() throws IOException, InterruptedException {
    Path jlink = Path.of(System.getProperty("java.home", ""), "bin", "jlink");
    Path jar = ownJar();
    Path home = home();
    if (!Files.isExecutable(jlink) || !Files.isRegularFile(home.resolve("ongsung"))) {
      throw new CommandFailure(
          ExitCode.FAILED, Phrase.of("package.package"), Phrase.of("package.package.advice"));
    }
    String name = "ongsung-" + Version.text() + "-" + system();
    Path target = surroundings().folder().resolve(file == null ? Path.of(name + ".tar.gz") : file);
    Path work = Files.createTempDirectory("ongsung-package-");
    try {
      Path root = Files.createDirectory(work.resolve(name));
      lay(root, home, jar);
      link(jlink, root.resolve("runtime"));
      archiveStart(root, work.resolve("start.log"));
      write(target, root);
    } finally {
      removeAll(work);
    }
    if (json()) {
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("file", target.toString());
      facts.put("bytes", Files.size(target));
      printJson(facts);
    } else {
      surroundings().out().println(target + " " + Measures.bytes(Files.size(target)));
    }
    return ExitCode.OK.status();
  }

  private static Path ownJar() {
    try {
      Path path =
          Path.of(PackageCommand.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isRegularFile(path)) {
        return path;
      }
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
    throw new CommandFailure(
        ExitCode.FAILED, Phrase.of("package.classes"), Phrase.of("package.classes.advice"));
  }

  private static String system() {
    String arch = System.getProperty("os.arch", "");
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT).replace(" ", "");
    return os + "-" + (arch.equals("amd64") ? "x64" : arch);
  }

  private static void link(Path jlink, Path runtime) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                jlink.toString(),
                "--add-modules",
                MODULES,
                "--strip-debug",
                "--no-header-files",
                "--no-man-pages",
                "--compress",
                "zip-6",
                "--include-locales",
                "en,ko",
                "--output",
                runtime.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new CommandFailure(
          ExitCode.FAILED,
          Phrase.of("package.jlink", said.strip()),
          Phrase.of("package.jlink.advice"));
    }
  }

  /// Puts all but the runtime where it belongs.
  private static void lay(Path root, Path home, Path jar) throws IOException {
    copy(home.resolve("ongsung"), root.resolve("ongsung"));
    for (String text : List.of("LICENSE", "NOTICE", "README.md", "README.ko.md")) {
      copy(home.resolve(text), root.resolve(text));
    }
    copy(jar, root.resolve(jar.getFileName()));
    copy(jar.resolveSibling("lib"), root.resolve("lib"));
    copy(home.resolve("docs"), root.resolve("docs"));
  }

  /// Copies a file or a tree with modes and times, if it is there.
  private static void copy(Path from, Path to) throws IOException {
    if (!Files.exists(from)) {
      return;
    }
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : (Iterable<Path>) all::iterator) {
        Files.copy(
            path,
            to.resolve(from.relativize(path).toString()),
            LinkOption.NOFOLLOW_LINKS,
            StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  /// Starts what was laid out once, as a person would, and has Java keep what that start loaded and
  /// compiled: the launcher finds it beside itself.
  private static void archiveStart(Path root, Path log) throws IOException, InterruptedException {
    ProcessBuilder start =
        new ProcessBuilder(root.resolve("ongsung").toString(), "demo", "--exec", "true")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    start
        .environment()
        .put("ONGSUNG_JAVA_OPTS", "-XX:AOTCacheOutput=" + root.resolve("ongsung.aot"));
    if (start.start().waitFor() != 0) {
      List<String> said = Files.readAllLines(log);
      throw new CommandFailure(
          ExitCode.FAILED,
          Phrase.of("package.start", said.isEmpty() ? Phrase.of("package.silent") : said.getLast()),
          Phrase.of("package.start.advice", home()));
    }
  }

  private static Path home() {
    return Path.of(System.getProperty("ongsung.home", ""));
  }

  private static void write(Path target, Path root) throws IOException {
    try (OutputStream out =
            Files.newOutputStream(
                target,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
        TarWriter tar = new TarWriter(new GZIPOutputStream(out, 1 << 16))) {
      addTree(tar, root.getFileName().toString(), root);
    }
  }

  private static void addTree(TarWriter tar, String name, Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) all.sorted()::iterator) {
        Path relative = folder.relativize(path);
        String inside = relative.toString().isEmpty() ? name : name + "/" + relative;
        if (Files.isSymbolicLink(path)) {
          tar.link(inside, Files.readSymbolicLink(path).toString(), modified(path));
        } else if (Files.isDirectory(path)) {
          tar.folder(inside, PROGRAM_MODE, modified(path));
        } else {
          add(tar, inside, path, Files.isExecutable(path) ? PROGRAM_MODE : FILE_MODE);
        }
      }
    }
  }

  private static Instant modified(Path path) throws IOException {
    return Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).toInstant();
  }

  private static void add(TarWriter tar, String name, Path path, int mode) throws IOException {
    try (InputStream content = Files.newInputStream(path)) {
      tar.file(name, mode, Files.size(path), modified(path), content);
    }
  }

  private static void removeAll(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) all.sorted(java.util.Comparator.reverseOrder())::iterator) {
        Files.delete(path);
      }
    }
  }
}
