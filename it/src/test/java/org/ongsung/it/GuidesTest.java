package org.ongsung.it;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ongsung.server.configuration.ConfigurationReader;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.Ports;
import org.ongsung.testkit.Program;
import org.ongsung.testkit.RunningProgram;
import org.ongsung.testkit.TemporaryPostgres;

/// Every command and setting that a page shows is run by a test, as it is written.
class GuidesTest {
  private static final Path ROOT = Path.of(System.getProperty("ongsung.root"));

  /// Which test runs what a page shows, by the language of the block. `text` is a picture of
  /// something, and nothing to type.
  private static final Map<String, Set<String>> RUN =
      Map.ofEntries(
          entry("README.md", Set.of("sh")), // here
          entry("README.ko.md", Set.of("sh")), // here
          entry("CONTRIBUTING.md", Set.of("sh")), // here
          entry("docs/configuration.md", Set.of("yaml")), // here
          entry("docs/guide/backup.md", Set.of("sh")), // here
          entry("docs/guide/behind-apache.md", Set.of("sh")), // FrontGuidesTest
          entry("docs/guide/behind-lighttpd.md", Set.of("sh")), // FrontGuidesTest
          entry("docs/guide/behind-nginx.md", Set.of("sh")), // FrontGuidesTest
          entry("docs/guide/tls.md", Set.of("sh")), // here
          entry("docs/guide/jobs.md", Set.of("sh")), // JobsTest
          entry("docs/guide/quickstart.md", Set.of("sh")), // QuickstartGuideTest
          entry("docs/guide/wall.md", Set.of("sh", "yaml")), // WallTest; here
          entry("docs/guide/search.md", Set.of("sh")), // SearchTest
          entry("docs/guide/workers.md", Set.of("sh", "yaml")), // RemoteSessionsTest
          entry("docs/guide/telnet.md", Set.of("yaml")), // TelnetGuideTest
          entry("docs/guide/terminal.md", Set.of("sh")), // TelnetTest
          entry("fastcgi/README.md", Set.of("java")), // ReadmeTest of fastcgi
          entry(
              "fastcgi/docs/front-servers.md",
              Set.of("nginx", "apache", "lighttpd", "sh"))); // Fronts of fastcgi

  @TempDir Path folder;

  @Test
  void everyBlockOfEveryPageIsRunBySomeTest() throws IOException {
    Pattern fence = Pattern.compile("^ *```(.*)$", Pattern.MULTILINE);
    for (String page : GuideScript.pages()) {
      List<String> fences =
          fence
              .matcher(Files.readString(ROOT.resolve(page)))
              .results()
              .map(found -> found.group(1))
              .toList();
      for (int i = 0; i < fences.size(); i += 2) {
        List<String> known = new ArrayList<>(RUN.getOrDefault(page, Set.of()));
        known.add("text");
        assertThat(known)
            .as("a block of %s: write a test that runs it, then name it here", page)
            .contains(fences.get(i));
      }
    }
  }

  @Test
  void noPageShowsCodeWithoutAFence() throws IOException {
    Pattern indented = Pattern.compile("\n\n {4}[^ \\-*0-9|]");
    for (String page : GuideScript.pages()) {
      if (!page.startsWith("docs/adr/")) {
        assertThat(Files.readString(ROOT.resolve(page))).as(page).doesNotContainPattern(indented);
      }
    }
  }

  @Test
  void theDemoOfTheReadmePrintsLinesThatWork() throws IOException {
    for (String page : List.of("README.md", "README.ko.md")) {
      assertThat(GuideScript.blocks(page, "sh")).containsExactly("./ongsung demo\n", "./check\n");
    }
    try (RunningProgram demo = demo().start()) {
      demo.awaitOutput("Ctrl-C ends", Deadlines.SERVICE);
      List<String> told = demo.stdout().lines().map(String::strip).toList();
      assertThat(pasted(told, "ssh ", " uname")).isEqualTo("Ongsung-practice\n");
      Files.writeString(folder.resolve("FILE"), "from here\n");
      pasted(told, "scp ", "");
      assertThat(pasted(told, "ssh ", " cat FILE")).isEqualTo("from here\n");
      assertThat(pasted(told, "sftp ", " <<< 'ls'")).contains("FILE");
      demo.signal("INT");
      demo.await(Deadlines.SERVICE);
    }
    try (var left = Files.list(folder)) {
      assertThat(left.map(path -> path.getFileName().toString())).containsExactly("FILE");
    }
  }

  @Test
  void aDemoThatIsInterruptedWhileItStartsLeavesNothing() throws IOException {
    try (RunningProgram demo = demo().start()) {
      Deadlines.await("the folder of the demo", () -> folder.toFile().list().length > 0);
      demo.signal("INT");
      demo.await(Deadlines.SERVICE);
    }
    assertThat(folder).isEmptyDirectory();
  }

  private Program demo() {
    // Whoever runs the tests in the background has interrupts ignored, and so would every child.
    return Program.of("env", "--default-signal=INT")
        .and(Product.starting("demo", List.of("-Djava.io.tmpdir=" + folder)).toArray(String[]::new))
        .and("demo")
        .in(folder)
        .within(Deadlines.SERVICE);
  }

  /// Runs the line that begins so, as somebody who pastes it.
  private String pasted(List<String> told, String begin, String more) {
    String line = told.stream().filter(one -> one.startsWith(begin)).findFirst().orElseThrow();
    return Program.of("bash", "-c", line + more)
        .in(folder)
        .within(Deadlines.SERVICE)
        .run()
        .expectSuccess()
        .stdout();
  }

  @Test
  void theCommandsForTakingPartAreThere() throws IOException {
    String script = String.join("", GuideScript.blocks("CONTRIBUTING.md", "sh"));
    assertThat(script).contains("mvn -pl recording -am verify");
    // The phase apart: this test runs within a build of the same folders.
    String looked =
        script.replace("mvn -pl recording -am verify", "mvn -o -q -pl recording -am validate");
    Program.of("bash", "-ec", looked).in(ROOT).within(Deadlines.SERVICE).run().expectSuccess();
  }

  @Test
  void theConfigurationThatIsShownIsRead() throws Exception {
    List<String> shown = GuideScript.blocks("docs/configuration.md", "yaml");
    assertThat(shown).hasSize(1);
    Path file = Files.writeString(folder.resolve("ongsung.yaml"), shown.getFirst());
    var read = ConfigurationReader.read(Optional.of(file), Map.of(), folder);
    assertThat(read.publicUrl()).map(Object::toString).contains("https://gate.example.com");
  }

  @Test
  void theConfigurationOfTargetsOnTheFlyIsRead() throws Exception {
    List<String> shown = GuideScript.blocks("docs/guide/wall.md", "yaml");
    assertThat(shown).hasSize(1);
    Path file = Files.writeString(folder.resolve("ongsung.yaml"), shown.getFirst());
    var read = ConfigurationReader.read(Optional.of(file), Map.of(), folder);
    assertThat(read.adHoc()).map(adHoc -> adHoc.like().value()).contains("lab");
  }

  @Test
  void aKeyOfAnOlderFormIsTurnedIntoTheNewOne() throws IOException {
    Path old = folder.resolve("old.key");
    Program.of("openssl", "ecparam", "-genkey", "-name", "prime256v1", "-noout")
        .and("-out", old.toString())
        .run()
        .expectSuccess();
    assertThat(old).content().startsWith("-----BEGIN EC PRIVATE KEY-----");
    GuideScript.of("docs/guide/tls.md", folder).run();
    assertThat(folder.resolve("new.key")).content().startsWith("-----BEGIN PRIVATE KEY-----");
  }

  private static String listen() {
    return "listen: {ssh: '127.0.0.1:%d', http: '127.0.0.1:%d'}\n"
        .formatted(Ports.free(), Ports.free());
  }

  @Test
  @Tag("long")
  void theGuideToBackupsWorksAsWritten() throws IOException {
    TemporaryPostgres.Database database = TemporaryPostgres.shared().newDatabase();
    Path secret =
        Files.writeString(folder.resolve("database-password"), database.password() + "\n");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    Files.createDirectory(folder.resolve("backups"));
    Files.writeString(folder.resolve("ongsung.yaml"), "data: data\n" + listen());
    String told =
        GuideScript.of("docs/guide/backup.md", folder)
            .replacing("\ndata: /", "\n" + listen() + "data: /")
            .replacing("/backups/", folder + "/backups/")
            .replacing("/var/lib/", folder + "/")
            .replacing("jdbc:postgresql://db.example.com/ongsung", database.url())
            .replacing("user: ongsung", "user: " + database.user())
            .replacing("/etc/ongsung/database-password", secret.toString())
            .after(
                """
                ongsung serve > serve.log 2>&1 &
                until test -e data/cli-token; do sleep 0.2; done
                """)
            .run()
            .stdout();
    assertThat(told).contains("before-the-move.tar.gz", database.url() + " can be used");
    assertThat(folder.resolve("ongsung-restored/ongsung.db")).exists();
    assertThat(folder.resolve("ongsung-2/vault.keys")).exists();
  }
}
