package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What the documents point at is there.
class DocumentsTest {
  private static final Path ROOT = Path.of(System.getProperty("ongsung.root"));
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(#[^)]*)?\\)");
  private static final Pattern TEST = Pattern.compile("`(\\w+Test)`");

  @Test
  void everyLinkLeadsToAFile() throws IOException {
    for (Path document : documents()) {
      LINK.matcher(Files.readString(document))
          .results()
          .map(found -> found.group(1))
          .forEach(
              link ->
                  assertThat(document.resolveSibling(link)).as("a link in %s", document).exists());
    }
  }

  @Test
  void everyTestThatTheSecurityPageNamesExists() throws IOException {
    Set<String> tests;
    try (Stream<Path> files = Files.walk(ROOT)) {
      tests =
          files
              .filter(file -> file.toString().contains("/src/test/java/"))
              .map(file -> file.getFileName().toString().replace(".java", ""))
              .collect(Collectors.toSet());
    }
    List<String> named =
        TEST.matcher(Files.readString(ROOT.resolve("docs/security.md")))
            .results()
            .map(MatchResult::group)
            .map(name -> name.replace("`", ""))
            .toList();
    assertThat(named).hasSizeGreaterThan(20);
    assertThat(tests).containsAll(named);
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.toString().endsWith(".md"))
          .filter(file -> !file.toString().contains("/target/"))
          .filter(file -> !file.toString().contains("/node_modules/"))
          .toList();
    }
  }
}
