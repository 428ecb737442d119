package org.ongsung.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.Program;

/// What was built, as the launcher runs it: with an archive of a start, so that the hundreds of
/// commands of these tests take a third of the time, and with the options that suit the command.
///
/// Thread safe, and of one mind with the other processes that run these tests.
final class Product {
  static final Path ROOT = Path.of(System.getProperty("ongsung.root", "..")).toAbsolutePath();

  private static final Path JAR = ROOT.resolve("server/target/ongsung-server.jar");
  private static final Path ARCHIVE = archive(ROOT.resolve("it/target"));

  private Product() {}

  /// The words that start it for a command like `serve`, up to the name of its jar; the command's
  /// own words follow.
  static List<String> starting(String command, List<String> options) {
    List<String> words = new ArrayList<>(java(command));
    if (Files.exists(ARCHIVE)) {
      words.add("-XX:AOTCache=" + ARCHIVE);
    }
    words.addAll(options);
    words.add("-jar");
    words.add(JAR.toString());
    return List.copyOf(words);
  }

  private static List<String> java(String command) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.add("-XX:+UseCompactObjectHeaders");
    words.add("--enable-native-access=ALL-UNNAMED");
    words.add("-Dongsung.home=" + ROOT);
    words.addAll(
        switch (command) {
          case "serve", "demo", "worker" -> List.of("-Xmx512m");
          default -> List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
        });
    return words;
  }

  /// The archive of a start of the present jar, made by whoever comes first. Where it cannot be
  /// made everything runs without.
  private static Path archive(Path folder) {
    Path archive = folder.resolve("start.aot");
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve("start.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = channel.lock()) {
      if (!Files.exists(archive)
          || Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(JAR)) < 0) {
        Files.deleteIfExists(archive);
        List<String> words = new ArrayList<>(java("demo"));
        words.add("-XX:AOTCacheOutput=" + archive);
        words.addAll(List.of("-jar", JAR.toString(), "demo", "--exec", "true"));
        CompletedProgram made = Program.of(words).within(Deadlines.SERVICE.multipliedBy(4)).run();
        if (made.exit() != 0) {
          Files.deleteIfExists(archive);
        }
      }
      return archive;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
