package org.ongsung.gateway.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ongsung.model.HostAndPort;
import org.ongsung.model.HostKeyPolicy;
import org.ongsung.model.Name;
import org.ongsung.model.Protocol;
import org.ongsung.model.Target;
import org.ongsung.model.Title;
import org.ongsung.policy.ReachableTarget;

class TargetMenuTest {
  private static final TargetMenu.Size SIZE = new TargetMenu.Size(80, 24);

  private static ReachableTarget target(String name, String title, Map<String, String> labels) {
    return new ReachableTarget(
        new Target(
            Name.of(name),
            new Title(title),
            Protocol.SSH,
            new HostAndPort("h", 22),
            labels,
            HostKeyPolicy.PINNED,
            List.of(),
            List.of()),
        List.of());
  }

  private static TargetMenu menu() {
    return TargetMenu.ofTargets(
        List.of(
            target("db-1", "데이터베이스", Map.of("env", "prod")),
            target("web-1", "Web", Map.of("env", "prod")),
            target("web-2", "웹 서버", Map.of("env", "test"))),
        Locale.ENGLISH);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// The picture's lines without what moves and colours.
  private static List<String> lines(String drawn) {
    return drawn.replaceAll("\u001b\\[[0-9;?]*[A-Za-z]", "").lines().toList();
  }

  private static String chosen(TargetMenu menu, String typed) {
    TargetMenu.Outcome outcome = menu.typed(bytes(typed), SIZE);
    assertThat(outcome).isInstanceOf(TargetMenu.Outcome.Chosen.class);
    return ((TargetMenu.Outcome.Chosen) outcome).access().target();
  }

  @Test
  void enterTakesTheFirstAndArrowsMoveAndStopAtTheEnds() {
    assertThat(chosen(menu(), "\r")).isEqualTo("db-1");
    assertThat(chosen(menu(), "\u001b[B\r")).isEqualTo("web-1");
    assertThat(chosen(menu(), "\u001bOB\u001bOB\u001bOB\u001bOB\r")).isEqualTo("web-2");
    assertThat(chosen(menu(), "\u001b[B\u001b[A\u001b[A\r")).isEqualTo("db-1");
    assertThat(chosen(menu(), "\u001b[6~\r")).isEqualTo("web-2");
    assertThat(chosen(menu(), "\u001b[F\r")).isEqualTo("web-2");
  }

  @Test
  void typingFiltersByNameTitleAndLabels() {
    assertThat(chosen(menu(), "web-2\r")).isEqualTo("web-2");
    assertThat(chosen(menu(), "웹\r")).isEqualTo("web-2");
    assertThat(chosen(menu(), "env=test\r")).isEqualTo("web-2");
    assertThat(chosen(menu(), "WEB prod\r")).isEqualTo("web-1");
    assertThat(chosen(menu(), "zzz\u007f\u007f\u007fweb\r")).isEqualTo("web-1");
    assertThat(chosen(menu(), "zzz\u0015web\r")).isEqualTo("web-1");
  }

  @Test
  void koreanThatComesInPiecesIsPutTogether() {
    TargetMenu menu = menu();
    byte[] typed = bytes("웹");
    for (byte one : typed) {
      menu.typed(new byte[] {one}, SIZE);
    }
    assertThat(chosen(menu, "\r")).isEqualTo("web-2");
  }

  @Test
  void nothingThatMatchesIsSaidAndEnterStays() {
    TargetMenu menu = menu();
    TargetMenu.Outcome outcome = menu.typed(bytes("zzz\r"), SIZE);
    assertThat(outcome).isInstanceOf(TargetMenu.Outcome.Show.class);
    assertThat(outcome.text()).contains("Nothing matches.").contains("0 of 3");
  }

  @Test
  void whatFollowsTheChoiceIsHandedOn() {
    TargetMenu.Outcome outcome = menu().typed(bytes("\rls\n"), SIZE);
    assertThat(((TargetMenu.Outcome.Chosen) outcome).rest()).isEqualTo("ls\n");
  }

  @Test
  void koreanTitlesAreAligned() {
    List<String> rows =
        lines(menu().open(SIZE)).stream().filter(line -> line.contains("env=")).toList();
    assertThat(rows).hasSize(3);
    List<Integer> columns = new ArrayList<>();
    for (String row : rows) {
      columns.add(TerminalCells.of(row.substring(0, row.indexOf("env="))));
    }
    assertThat(columns).containsOnly(columns.getFirst());
  }

  @ParameterizedTest
  @CsvSource({"80,24", "40,10", "20,6", "200,60", "81,25"})
  void thePictureFitsTheTerminal(int columns, int rows) {
    List<ReachableTarget> many = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      many.add(
          target(
              "target-with-a-long-name-" + i,
              "아주 긴 제목 " + "길".repeat(40),
              Map.of("k", "v".repeat(90))));
    }
    TargetMenu.Size size = new TargetMenu.Size(columns, rows);
    TargetMenu menu = TargetMenu.ofTargets(many, Locale.KOREAN);
    List<String> pictures = new ArrayList<>(List.of(menu.open(size), menu.resized(size)));
    pictures.add(menu.typed(bytes("\u001b[F"), size).text());
    for (String picture : pictures) {
      assertThat(lines(picture)).hasSizeLessThanOrEqualTo(rows);
      assertThat(lines(picture)).allMatch(line -> TerminalCells.of(line) <= columns);
    }
    assertThat(pictures.getLast()).contains("> ");
  }

  @Test
  void namesFromLabelsCannotControlTheTerminal() {
    String drawn =
        TargetMenu.ofTargets(List.of(target("a", "b", Map.of("k", "\u202evil"))), Locale.ENGLISH)
            .open(SIZE);
    assertThat(drawn).doesNotContain("\u202e").contains("<U+202e>");
  }

  @Test
  void cellsAreCountedAsTerminalsDo() {
    assertThat(TerminalCells.of("abc")).isEqualTo(3);
    assertThat(TerminalCells.of("한글")).isEqualTo(4);
    assertThat(TerminalCells.of("e\u0301")).isEqualTo(1);
    assertThat(TerminalCells.of("🙂")).isEqualTo(2);
    assertThat(TerminalCells.fit("한글이", 5)).isEqualTo("한글…");
    assertThat(TerminalCells.of(TerminalCells.fit("한글이", 4))).isEqualTo(4);
    assertThat(TerminalCells.fit("ab", 4)).isEqualTo("ab  ");
  }
}
