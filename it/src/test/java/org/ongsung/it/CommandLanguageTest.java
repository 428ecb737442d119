package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ongsung.cli.Surroundings;
import org.ongsung.server.Main;
import org.ongsung.testkit.CompletedProgram;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import tools.jackson.databind.json.JsonMapper;

/// The command line speaks the person's language, Korean or English, and to programs always the
/// same.
class CommandLanguageTest {
  private static final Path ROOT = Path.of(System.getProperty("ongsung.root"));
  private static final Pattern HANGUL = Pattern.compile("[가-힣]");

  @TempDir Path folder;

  private Cli cli(String language) {
    return new Cli(folder).with("LANG", language);
  }

  @Test
  void everyCommandAndOptionIsExplainedInBothLanguages() {
    Set<String> missing = new TreeSet<>();
    for (CommandLine korean : all("ko_KR.UTF-8")) {
      explained(korean).stream()
          .filter(line -> !HANGUL.matcher(line).find())
          .forEach(line -> missing.add(name(korean) + ": " + line));
    }
    assertThat(missing).as("add it to Help_ko.properties").isEmpty();
    for (CommandLine english : all("en_US.UTF-8")) {
      assertThat(explained(english)).allMatch(line -> !HANGUL.matcher(line).find());
    }
  }

  /// The texts of a command's help: what it does, and each of its options and parameters.
  private static List<String> explained(CommandLine command) {
    List<String> texts = new ArrayList<>(List.of(command.getHelp().description()));
    CommandLine.Model.CommandSpec spec = command.getCommandSpec();
    Help help = command.getHelp();
    spec.options().stream()
        .filter(option -> !option.hidden())
        .forEach(
            option ->
                texts.add(
                    text(
                        help.createDefaultOptionRenderer()
                            .render(
                                option,
                                help.createDefaultParamLabelRenderer(),
                                help.colorScheme()))));
    spec.positionalParameters()
        .forEach(
            parameter ->
                texts.add(
                    text(
                        help.createDefaultParameterRenderer()
                            .render(
                                parameter,
                                help.createDefaultParamLabelRenderer(),
                                help.colorScheme()))));
    return texts;
  }

  private static String text(Help.Ansi.Text[][] cells) {
    StringBuilder text = new StringBuilder();
    for (Help.Ansi.Text[] row : cells) {
      for (Help.Ansi.Text cell : row) {
        text.append(cell == null ? "" : cell.plainString()).append(' ');
      }
    }
    return text.toString();
  }

  private static String name(CommandLine command) {
    return command.getCommandSpec().qualifiedName();
  }

  private List<CommandLine> all(String language) {
    Surroundings here = cli(language).surroundings();
    List<CommandLine> found = new ArrayList<>();
    gather(Main.commandLine(here), found);
    assertThat(found).hasSizeGreaterThan(40);
    return found;
  }

  private static void gather(CommandLine command, List<CommandLine> found) {
    found.add(command);
    Set<CommandLine> seen = new HashSet<>();
    command.getSubcommands().values().stream().filter(seen::add).forEach(c -> gather(c, found));
  }

  @Test
  void everyPhraseIsThereInBothLanguagesAndFills() throws IOException {
    ResourceBundle english = phrases(Locale.ENGLISH);
    ResourceBundle korean = phrases(Locale.KOREAN);
    assertThat(korean.keySet()).isEqualTo(english.keySet());
    Object[] arguments = {"a", "b", "c", "d", "e", "f", "g", "h"};
    for (String key : english.keySet()) {
      String said = MessageFormat.format(korean.getString(key), arguments);
      assertThat(said).as(key).doesNotContain("{");
      assertThat(MessageFormat.format(english.getString(key), arguments))
          .as(key)
          .doesNotContain("{")
          .doesNotContainPattern(HANGUL);
      if (english.getString(key).matches(".*[a-z]{3}.*")
          && !english.getString(key).equals("{0}")
          && !key.matches("doctor\\.(about.*|java)")) {
        assertThat(said).as(key).containsPattern(HANGUL);
      }
    }
    assertThat(english.keySet()).containsAll(used());
  }

  private static ResourceBundle phrases(Locale locale) {
    return ResourceBundle.getBundle(
        "org.ongsung.cli.words.Phrases",
        locale,
        ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
  }

  /// The keys that stand in the code.
  private static Set<String> used() throws IOException {
    Pattern key =
        Pattern.compile("(?:Phrase\\.of|words|say)\\(\\s*\"([a-z][a-z.-]*[a-z])\"\\s*[,)]");
    Set<String> keys = new TreeSet<>();
    for (String room : List.of("cli", "server")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(room).resolve("src/main/java"))) {
        for (Path file :
            (Iterable<Path>) files.filter(f -> f.toString().endsWith(".java"))::iterator) {
          key.matcher(Files.readString(file)).results().forEach(found -> keys.add(found.group(1)));
        }
      }
    }
    assertThat(keys).hasSizeGreaterThan(100);
    return keys;
  }

  @Test
  void doctorSpeaksKoreanToAPersonAndEnglishToAProgram() {
    Cli korean = cli("ko_KR.UTF-8").with("ONGSUNG_LISTEN_SSH", "127.0.0.1:0");
    korean.with("ONGSUNG_LISTEN_HTTP", "127.0.0.1:0").with("ONGSUNG_LISTEN_TELNET", "off");
    assertThat(korean.done("doctor")).contains("정상", "데이터베이스", "처음 시작할 때 만들어집니다");
    CompletedProgram program = korean.run("doctor", "--output", "json");
    assertThat(program.stdout()).doesNotContainPattern(HANGUL);
    assertThat(JsonMapper.shared().readTree(program.stdout()).path(0).path("state").asString(""))
        .isEqualTo("OK");
  }

  @Test
  void whatIsWrongIsSaidInThePersonsLanguage() {
    assertThat(cli("ko_KR.UTF-8").failing(2, "session", "terminate", "x"))
        .contains("빠진 항목: --reason", "도움말: ongsung session terminate --help");
    assertThat(cli("ko_KR.UTF-8").failing(5, "user", "list"))
        .contains("여기에서 실행 중인 게이트웨이가 없습니다", "ongsung serve");
    assertThat(cli("C.UTF-8").failing(5, "user", "list")).contains("no gateway runs here");
    assertThat(cli("ko_KR.UTF-8").with("LC_ALL", "C").failing(5, "user", "list"))
        .contains("no gateway runs here");
    assertThat(cli("ko_KR.UTF-8").run("--help").stdout())
        .contains("사용법: ongsung", "명령:", "종료 코드:", "응답하는 게이트웨이가 없음");
  }
}
