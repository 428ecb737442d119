package org.ongsung.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.Folders;
import org.ongsung.testkit.Ports;
import org.ongsung.testkit.Program;

/// The commands of a page, run as they are written in one shell, but for the names of hosts, ports
/// and folders that are only examples.
final class GuideScript {
  private static final Path ROOT = Path.of(System.getProperty("ongsung.root", ".."));
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private final Path folder;
  private String script;

  private GuideScript(Path folder, String script) {
    this.folder = folder;
    this.script = script;
  }

  /// The `sh` blocks of a page, to be run in `folder`.
  static GuideScript of(String page, Path folder) throws IOException {
    return new GuideScript(folder, String.join("", blocks(page, "sh")))
        .replacing("127.0.0.1:8022", "127.0.0.1:" + Ports.free());
  }

  /// The blocks of a page that are fenced as `language`.
  static List<String> blocks(String page, String language) throws IOException {
    Pattern block =
        Pattern.compile("^```" + language + "\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);
    return block
        .matcher(Files.readString(ROOT.resolve(page)))
        .results()
        .map((MatchResult found) -> found.group(1))
        .toList();
  }

  GuideScript replacing(String example, String real) {
    script = script.replace(example, real);
    return this;
  }

  /// What has to be done before, which other pages tell.
  GuideScript after(String commands) {
    script = commands + script;
    return this;
  }

  CompletedProgram run() throws IOException {
    return Program.of(
            "bash",
            "-c",
            "set -eu -o pipefail\ntrap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n" + script)
        .in(folder)
        .environment("PATH", launcher() + ":" + System.getenv("PATH"))
        .environment("HOME", folder.toString())
        .environment("ONGSUNG_LISTEN_TELNET", "off") // its default is one port for all tests
        .within(LONGEST)
        .run()
        .expectSuccess();
  }

  /// A folder with `ongsung` as the launcher would run it, without building anything.
  private Path launcher() throws IOException {
    Path bin = Files.createDirectory(folder.resolve("bin"));
    Path program = bin.resolve("ongsung");
    Files.writeString(
        program,
        """
        #!/bin/sh
        case "$1" in
          serve | demo | worker) exec %s "$@" ;;
          *) exec %s "$@" ;;
        esac
        """
            .formatted(
                quoted(Product.starting("serve", List.of())),
                quoted(Product.starting("version", List.of()))));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    return bin;
  }

  private static String quoted(List<String> words) {
    return "'" + String.join("' '", words) + "'";
  }

  /// Every page that people read: not the decisions, which have no commands.
  static List<String> pages() {
    return Folders.files(ROOT, ".git", "target", "node_modules").stream()
        .filter(file -> file.toString().endsWith(".md"))
        .map(file -> ROOT.relativize(file).toString())
        .sorted()
        .toList();
  }
}
