package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.Program;
import org.ongsung.testkit.RunningProgram;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@DisplayName("The demo, and a distribution where no Java is")
class DemoAndPackageTest {
  private static final Duration LONGEST = Duration.ofMinutes(10);

  @TempDir Path folder;

  private Program ongsung(String... arguments) {
    return Program.of(Product.starting(arguments[0], List.of("-Djava.io.tmpdir=" + folder)))
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
  void whatTheDemoPrintsOpensItsConsole() throws Exception {
    try (RunningProgram demo = ongsung("demo", "--output", "json").start();
        HttpClient browser = HttpClient.newHttpClient()) {
      demo.awaitOutput("\"scp\"", LONGEST);
      Deadlines.await("the object is whole", () -> demo.stdout().strip().endsWith("}"));
      JsonNode facts = JsonMapper.shared().readTree(demo.stdout());
      for (String who : List.of("user", "admin")) {
        String body =
            JsonMapper.shared()
                .writeValueAsString(
                    Map.of(
                        "name", facts.path(who).asString(""),
                        "password", facts.path(who + "Password").asString("")));
        URI console = URI.create(facts.path("console").asString(""));
        HttpRequest login =
            HttpRequest.newBuilder(console.resolve("/api/v1/login"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        assertThat(browser.send(login, BodyHandlers.ofString()).statusCode())
            .as(who)
            .isEqualTo(200);
      }
      demo.signal("TERM"); // INT is deaf where a shell started all of this in the background
      assertThat(demo.await(LONGEST).exit()).isZero();
    }
  }

  @Test
  @Tag("long")
  void aDistributionRunsWithoutAnyJava() throws IOException {
    CompletedProgram made =
        ongsung("package", "dist.tar.gz", "--output", "json").run().expectSuccess();
    assertThat(JsonMapper.shared().readTree(made.stdout()).path("bytes").asLong(0))
        .isEqualTo(Files.size(folder.resolve("dist.tar.gz")));
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
