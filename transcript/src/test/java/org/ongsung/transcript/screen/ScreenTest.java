package org.ongsung.transcript.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScreenTest {
  private final List<String> told = new ArrayList<>();
  private final Screen screen = new Screen(10, 4, ScreenLimits.DEFAULT, listener());

  private ScreenListener listener() {
    return new ScreenListener() {
      @Override
      public void lineFeed() {}

      @Override
      public void scrollsOff(int first, int count) {
        for (int row = first; row < first + count; row++) {
          told.add(screen.row(row).text());
        }
      }

      @Override
      public void erases() {
        told.add("erase");
      }

      @Override
      public void changes(boolean alternate) {
        told.add(alternate ? "alternate" : "main");
      }

      @Override
      public void shellMark(char mark) {
        told.add("mark " + mark);
      }
    };
  }

  private List<String> shown() {
    List<String> rows = new ArrayList<>();
    for (int row = 0; row < screen.rows(); row++) {
      rows.add(screen.row(row).text());
    }
    return rows;
  }

  private void write(String text) {
    screen.write(text, 0);
  }

  @Test
  void textWrapsAtTheMarginAndScrolls() {
    write("0123456789ab\r\nc\r\nd\r\ne");
    assertThat(shown()).containsExactly("ab", "c", "d", "e");
    assertThat(told).containsExactly("0123456789");
  }

  @Test
  void theLastColumnWrapsOnlyWhenMoreComes() {
    write("0123456789\r\nx");
    assertThat(shown()).startsWith("0123456789", "x");
    assertThat(screen.row(0).wrapped()).isFalse();
  }

  @Test
  void tabsStopAtEveryEighthColumn() {
    write("a\tb\r\n1234567\tc\r\n\t\td");
    assertThat(shown()).startsWith("a       b", "1234567 c", "         d");
  }

  @Test
  void wideCharactersTakeTwoColumnsAndNeverHalfOfOne() {
    write("123456789가나");
    assertThat(shown()).startsWith("123456789", "가나");
    write("\u001b[2;2Hx");
    assertThat(screen.row(1).text()).isEqualTo(" x나");
  }

  @Test
  void hangulInPartsAndAccentsComeTogether() {
    write("\u1112\u1161\u11ab\u1100\u1173\u11af e\u0301");
    assertThat(shown().getFirst()).isEqualTo("한글 é");
    assertThat(screen.cursorColumn()).isEqualTo(6);
  }

  @Test
  void editingOfALineIsResolved() {
    write("lx\b \bs\u001b[1@y\b\u001b[P -l\u001b[3D\u001b[4h_\u001b[4l");
    assertThat(shown().getFirst()).isEqualTo("ls_ -l");
  }

  @Test
  void theAlternateScreenLeavesTheMainOneAsItWas() {
    write("$ vi\r\n\u001b[?1049h\u001b[Hfull\u001b[?1049lafter");
    assertThat(shown()).startsWith("$ vi", "after");
    assertThat(told).containsExactly("alternate", "main");
  }

  @Test
  void rowsAreToldBeforeTheyAreErased() {
    write("one\r\ntwo\u001b[H\u001b[2J");
    assertThat(told).containsExactly("erase");
    assertThat(shown()).containsOnly("");
  }

  @Test
  void aScrollRegionScrollsAlone() {
    write("a\r\nb\r\nc\r\nd\u001b[2;3r\u001b[3;1H\nx");
    assertThat(shown()).containsExactly("a", "c", "x", "d");
  }

  @Test
  void marksOfShellsAreToldAndOtherCommandsAreNot() {
    write("\u001b]133;A\u0007$ \u001b]133;B;k=v\u001b\\ls\u001b]0;title\u0007");
    assertThat(told).containsExactly("mark A", "mark B");
    assertThat(shown().getFirst()).isEqualTo("$ ls");
  }

  @Test
  void hostileParametersDoNoHarm() {
    for (String last : "@ABCDEFGHIJKLMPSTXZ`abdefhlrsu".split("", -1)) {
      write("\u001b[99999999999999999999;99999999999" + last + "가");
      write("\u001b[9999a\u001b[99999" + last + "x\u001b[0;0" + last);
    }
    write("\u001b[" + "1;".repeat(2_000_000) + "mok");
    write("\u001b]" + "x".repeat(1_000_000) + "\u0007");
    write("\u001bP" + "x".repeat(1_000_000) + "\u001b\\");
    assertThat(screen.rows()).isEqualTo(4);
  }

  @Test
  void noInputFailsAndEveryCutGivesTheSame() {
    Random random = new Random(7);
    String alphabet =
        "ab가\u1112\u1161\u0301\u001b[]?;:0123456789ABCDHJKLMPX@hlmr\r\n\b\t\u0007\\😀";
    for (int round = 0; round < 2_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 80; i++) {
        int at = random.nextInt(alphabet.length());
        text.append(random.nextInt(4) == 0 ? "\u001b[" : "").append(alphabet.charAt(at));
      }
      Screen whole = new Screen(7, 3, ScreenLimits.DEFAULT, new Quiet());
      Screen cut = new Screen(7, 3, ScreenLimits.DEFAULT, new Quiet());
      whole.write(text, 0);
      for (int i = 0; i < text.length(); i++) {
        cut.write(text.substring(i, i + 1), 0);
      }
      for (int row = 0; row < 3; row++) {
        assertThat(cut.row(row).text()).isEqualTo(whole.row(row).text());
      }
      whole.resize(1 + random.nextInt(20), 1 + random.nextInt(9));
      whole.write(text, 0);
    }
  }

  @Test
  void aScreenIsNeverLargerThanItsLimits() {
    Screen large = new Screen(100_000, 100_000, ScreenLimits.DEFAULT, new Quiet());
    assertThat(large.columns()).isEqualTo(1_000);
    assertThat(large.rows()).isEqualTo(500);
    large.resize(1_000, 500);
    assertThat(large.columns()).isEqualTo(1_000);
    large.resize(0, -1);
    assertThat(large.columns()).isEqualTo(2);
  }

  /// Listens to nothing.
  static final class Quiet implements ScreenListener {
    @Override
    public void lineFeed() {}

    @Override
    public void scrollsOff(int first, int count) {}

    @Override
    public void erases() {}

    @Override
    public void changes(boolean alternate) {}

    @Override
    public void shellMark(char mark) {}
  }
}
