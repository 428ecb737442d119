package org.ongsung.transcript.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jline.utils.ScreenTerminal;
import org.jline.utils.WCWidth;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What real programs wrote (kept beside this test, 80 columns by 24 rows) stands on our screen as
/// on JLine's, whose screens are those of xterm.js, at every look.
class SameScreensAsAnotherTerminalTest {
  private static final int LOOKS = 40;

  @ParameterizedTest
  @ValueSource(strings = {"bash", "vim", "less", "top", "tmux"})
  void showsWhatTheOtherShows(String program) throws Exception {
    // JLine's stops of tabs are a column before those of others.
    String output = read(program).replace("\t", "");
    Screen ours = new Screen(80, 24, ScreenLimits.DEFAULT, new ScreenTest.Quiet());
    ScreenTerminal theirs = new ScreenTerminal(80, 24);
    int step = Math.max(1, output.length() / LOOKS);
    for (int at = 0; at < output.length(); at += step) {
      String part = output.substring(at, Math.min(output.length(), at + step));
      ours.write(part, 0);
      theirs.write(part);
      assertThat(shown(ours)).as("%s at %d", program, at).isEqualTo(shown(theirs));
    }
  }

  private static List<String> shown(Screen screen) {
    List<String> rows = new ArrayList<>();
    for (int row = 0; row < screen.rows(); row++) {
      rows.add(screen.row(row).text());
    }
    return rows;
  }

  private static List<String> shown(ScreenTerminal terminal) {
    long[] cells = new long[80 * 24];
    terminal.dump(cells, 0, 0, 24, 80, null);
    List<String> rows = new ArrayList<>();
    for (int row = 0; row < 24; row++) {
      StringBuilder text = new StringBuilder();
      for (int column = 0; column < 80; column++) {
        int c = ScreenTerminal.cellCodePoint(cells[row * 80 + column]);
        // An empty cell is a blank, but for the second half of a wide character.
        int before = column == 0 ? 0 : ScreenTerminal.cellCodePoint(cells[row * 80 + column - 1]);
        if (c != 0) {
          text.appendCodePoint(c);
        } else if (before == 0 || WCWidth.wcwidth(before) < 2) {
          text.append(' ');
        }
      }
      rows.add(text.toString().stripTrailing());
    }
    return rows;
  }

  private static String read(String program) throws Exception {
    try (InputStream in =
        new GZIPInputStream(
            SameScreensAsAnotherTerminalTest.class.getResourceAsStream(program + ".out.gz"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
