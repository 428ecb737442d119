package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.ongsung.testkit.Folders;

/// What the documents point at is there.
class DocumentsTest {
  private static final Path ROOT = Path.of(System.getProperty("ongsung.root"));
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(#[^)]*)?\\)");
  private static final Pattern TEST = Pattern.compile("`(\\w+Test)`");
  private static final String TABLE = "\n| class | what holds here | test |";

  /// What has gone wrong in gateways like this one; each has a row of its own.
  private static final List<String> FAULTS =
      List.of(
          "Key offered, not proven",
          "Identity swapped in mid-login",
          "Second factor skipped by a sub-protocol",
          "SSH certificates half-honoured",
          "Recording that can be walked around",
          "Audit that fails open",
          "A full disk locks everyone out",
          "Unbounded buffers",
          "Data lost at the edges",
          "A half-open handshake blocks the listener",
          "Path parameters and double decoding",
          "A WebSocket upgrade that skips the filter",
          "Object access by guessing",
          "Spoofed source address",
          "Path traversal in file transfer",
          "A hostile target",
          "Terrapin",
          "Job runner as a shell",
          "Server-side request forgery",
          "Host keys ignored",
          "Replayed or forged tunnel",
          "Open redirect, cross-site requests and scripts",
          "Telnet environment as login arguments",
          "Regular expressions from users");

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
  void everyClassOfFaultsStandsOnTheSecurityPageWithATest() throws IOException {
    Map<String, Set<String>> rows = faults();
    assertThat(rows.keySet()).containsAll(FAULTS);
    Set<String> there = tests();
    rows.forEach(
        (fault, named) ->
            assertThat(named).as("tests of \"%s\"", fault).isNotEmpty().isSubsetOf(there));
  }

  @Test
  void theSecurityPageNamesEveryRegressionTestAndNoneThatIsNotThere() throws IOException {
    Set<String> named = named(securityPage());
    Set<String> there = tests();
    assertThat(named).isSubsetOf(there);
    assertThat(there.stream().filter(name -> name.endsWith("RegressionTest")))
        .hasSizeGreaterThan(20)
        .isSubsetOf(named);
  }

  private static String securityPage() throws IOException {
    return Files.readString(ROOT.resolve("docs/security.md"));
  }

  private static Set<String> named(String text) {
    return TEST.matcher(text).results().map(found -> found.group(1)).collect(Collectors.toSet());
  }

  /// The tests that the table on the security page names, by the class of faults without the
  /// examples in brackets after it.
  private static Map<String, Set<String>> faults() throws IOException {
    Map<String, Set<String>> rows = new LinkedHashMap<>();
    String page = securityPage();
    String table = page.substring(page.indexOf(TABLE) + TABLE.length());
    for (String line : table.lines().skip(2).takeWhile(row -> row.startsWith("|")).toList()) {
      String[] cells = line.split("\\|", -1);
      rows.put(cells[1].replaceFirst("\\(.*\\)", "").strip(), named(cells[cells.length - 2]));
    }
    return rows;
  }

  private static Set<String> tests() {
    return Folders.files(ROOT, ".git", "target").stream()
        .filter(file -> file.toString().contains("/src/test/java/"))
        .map(file -> file.getFileName().toString().replace(".java", ""))
        .collect(Collectors.toSet());
  }

  private static List<Path> documents() {
    return Folders.files(ROOT, ".git", "target", "node_modules").stream()
        .filter(file -> file.toString().endsWith(".md"))
        .toList();
  }
}
