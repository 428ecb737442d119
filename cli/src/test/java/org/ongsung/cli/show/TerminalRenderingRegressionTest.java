package org.ongsung.cli.show;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A hostile target: its output only draws on the operator's terminal")
class TerminalRenderingRegressionTest {
  private static final String ESC = "\u001b";

  private static String shown(String sent) {
    return new TerminalRendering().render(sent);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain 한글 text\r\n\ttab\b",
        ESC + "[1;31mred" + ESC + "[0m",
        ESC + "[38;2;1;2;3m" + ESC + "[4:3m",
        ESC + "[10;20H" + ESC + "[2J" + ESC + "[K" + ESC + "[3A",
        ESC + "[?1049h" + ESC + "[?25l" + ESC + "[?7l",
        ESC + "7" + ESC + "8" + ESC + "M",
        ESC + "(0lqk" + ESC + "(B",
        ESC + "[1;24r" + ESC + "[2L" + ESC + "[2M" + ESC + "[4h"
      })
  void whatDrawsIsKept(String sent) {
    assertThat(shown(sent)).isEqualTo(sent);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ESC + "]0;title\u0007",
        ESC + "]52;c;cm0gLXJmIC8=" + ESC + "\\",
        ESC + "]8;;file:///etc\u0007",
        "\u009d0;title\u009c",
        ESC + "P$q\"p" + ESC + "\\",
        ESC + "_apc" + ESC + "\\",
        ESC + "^pm" + ESC + "\\",
        ESC + "Xsos" + ESC + "\\",
        ESC + "ktitle" + ESC + "\\",
        ESC + "[6n",
        ESC + "[c",
        ESC + "[>c",
        ESC + "[?15n",
        ESC + "[21t",
        ESC + "[>q",
        ESC + "[?1000h",
        ESC + "[?2004h",
        ESC + "[?25;1004h",
        ESC + "[20h",
        ESC + "[3J",
        ESC + "[!p",
        ESC + "[$p",
        ESC + "[1;1;1;1;1$x",
        ESC + "Z",
        ESC + "=",
        ESC + "#8",
        "\u0005",
        "\u0007",
        "\u007f",
        "\u202e\u2066",
        "\u009b6n"
      })
  void whatDoesMoreIsLeftOut(String sent) {
    assertThat(shown("a" + sent + "b")).isEqualTo("ab");
  }

  @Test
  void aResetOnlyClearsTheScreen() {
    assertThat(shown(ESC + "c")).doesNotContain(ESC + "c").contains(ESC + "[2J");
  }

  @Test
  void sequencesMayComeInPieces() {
    TerminalRendering rendering = new TerminalRendering();
    String sent = "x" + ESC + "]0;t\u0007" + ESC + "[1mbold" + ESC + "[6n";
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < sent.length(); i++) {
      all.append(rendering.render(sent.substring(i, i + 1)));
    }
    assertThat(all.toString()).isEqualTo("x" + ESC + "[1mbold");
  }

  @Test
  void aStringThatNeverEndsSwallowsOnlyItselfUntilItIsBroken() {
    TerminalRendering rendering = new TerminalRendering();
    assertThat(rendering.render(ESC + "]0;" + "a".repeat(100_000))).isEmpty();
    assertThat(rendering.render(ESC + "[1mb")).isEqualTo(ESC + "[1mb");
  }

  @Test
  void anEndlessSequenceIsLeftOut() {
    assertThat(shown(ESC + "[" + "1;".repeat(5_000) + "mx")).isEqualTo("x");
    String atTheLimit = ESC + "[" + "1".repeat(64) + "m";
    assertThat(shown(atTheLimit)).isEqualTo(atTheLimit);
    assertThat(shown(ESC + "[" + "1".repeat(65) + "m")).isEmpty();
  }

  @Test
  void randomOutputNeverMakesMoreThanDrawing() {
    Pattern drawing =
        Pattern.compile(
            "(?:[^\\x00-\\x1f\\x7f-\\x9f]|[\\n\\r\\t\\x08\\x0b\\x0c\\x0e\\x0f]"
                + "|\\x1b\\[(?:[0-9;:]{0,64}[mABCDEFGHfdae`JKXLMP@STrsub]|\\??[0-9;]{1,64}[hl])"
                + "|\\x1b[78DEM]|\\x1b[()][B0])*+",
            Pattern.DOTALL);
    Random random = new Random(42);
    String alphabet =
        ESC + ESC + "[[]]PX^_()\\\u0007\u009b\u009c\u009d0123456789;:?>!$ hlmJHnctqpc가x\n\r";
    for (int round = 0; round < 2_000; round++) {
      StringBuilder sent = new StringBuilder();
      for (int i = 0; i < 60; i++) {
        sent.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      assertThat(drawing.matcher(shown(sent.toString())).matches()).as(sent.toString()).isTrue();
    }
  }
}
