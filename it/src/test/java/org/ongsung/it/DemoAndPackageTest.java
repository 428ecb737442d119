package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.Program;

@DisplayName("The demo, and a distribution where no Java is")
class DemoAndPackageTest {
  private static final Path ROOT = Path.of(System.getProperty("ongsung.root", ".."));
  private static final Duration LONGEST = Duration.ofMinutes(10);

  @TempDir Path folder;

  private Program ongsung(String... arguments) {
    return Program.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.io.tmpdir=" + folder,
            "-Dongsung.home=" + ROOT.toAbsolutePath(),
            "-jar",
            ROOT.resolve("server/target/ongsung-server.jar").toAbsolutePath().toString())
        .and(arguments)
        .in(folder)
        .within(LONGEST);
  }

  @Test
  void theDemoPassesStreamsAndStatusThroughAndLeavesNothing() throws IOException {
    CompletedProgram done =
        ongsung("demo", "--exec", "cat; echo 안녕; echo wrong >&2; exit 7")
            .input("from here\n")
            .run()
            .expectExit(7);
    assertThat(done.stdout()).isEqualTo("from here\n안녕\n");
    assertThat(done.stderr()).isEqualTo("wrong\n");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.filter(path -> path.toString().contains("ongsung-demo"))).isEmpty();
    }
  }

  @Test
  @Tag("long")
  void aDistributionRunsWithoutAnyJava() throws IOException {
    ongsung("package", "dist.tar.gz").run().expectSuccess();
    Program.of("tar", "-xzf", "dist.tar.gz").in(folder).within(LONGEST).run().expectSuccess();
    Path program;
    try (Stream<Path> found = Files.list(folder)) {
      program =
          found
              .filter(Files::isDirectory)
              .map(path -> path.resolve("ongsung"))
              .filter(Files::exists)
              .findFirst()
              .orElseThrow();
    }
    assertThat(program.resolveSibling("ongsung.aot")).exists();
    for (List<String> arguments :
        List.of(List.of("version"), List.of("demo", "--exec", "echo hi"))) {
      CompletedProgram done =
          Program.of("env", "-i", "PATH=/nonexistent:/bin", "LANG=C.UTF-8", "HOME=" + folder)
              .and("/bin/bash", program.toString())
              .and(arguments.toArray(String[]::new))
              .within(LONGEST)
              .run()
              .expectSuccess();
      assertThat(done.stdout()).containsAnyOf("ongsung 0", "hi\n");
      assertThat(done.stderr()).doesNotContain("[aot]");
    }
  }
}
