package org.ongsung.gateway.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.ongsung.model.TextEncoding;

class TerminalRequestTest {
  @Test
  void ofTheEnvironmentOnlyHarmlessWordsOfTheListAreHandedOn() {
    TerminalRequest request =
        new TerminalRequest(
            "xterm-256color",
            80,
            24,
            Map.of(
                "USER", "-f root",
                "LANG", "ko_KR.UTF-8",
                "LC_ALL", "-f root",
                "LD_PRELOAD", "x",
                "COLORTERM", "truecolor"));
    assertThat(request.environment())
        .containsOnly(Map.entry("LANG", "ko_KR.UTF-8"), Map.entry("COLORTERM", "truecolor"));
    assertThat(request.language()).isEqualTo(Locale.KOREAN);
    assertThat(new TerminalRequest("vt100", 1, 1, Map.of()).language()).isEqualTo(Locale.ENGLISH);
  }

  @Test
  void aTargetThatDoesNotWriteUtf8IsNotToldThatItShould() {
    TerminalRequest request =
        new TerminalRequest(
            "xterm",
            100,
            40,
            Map.of(
                "LANG", "ko_KR.UTF-8",
                "LC_CTYPE", "C.utf8",
                "LC_TIME", "ko_KR.eucKR",
                "COLORTERM", "truecolor"));
    assertThat(request.at(TextEncoding.UTF_8)).isEqualTo(request);
    TerminalRequest older = request.at(TextEncoding.EUC_KR);
    assertThat(older.environment())
        .containsOnly(Map.entry("LC_TIME", "ko_KR.eucKR"), Map.entry("COLORTERM", "truecolor"));
    assertThat(older.columns()).isEqualTo(100);
  }

  @Test
  void whatIsNoTerminalTypeBecomesDumb() {
    for (String type : new String[] {"", "-f", "x\u001b[2J", "a b", "x".repeat(65), "../etc"}) {
      assertThat(new TerminalRequest(type, 80, 24, Map.of()).type()).isEqualTo("dumb");
    }
    assertThat(new TerminalRequest("x".repeat(64), 80, 24, Map.of()).type()).hasSize(64);
  }

  @Test
  void sizesAreBoundedAndTheUsualWhereNoneIsTold() {
    TerminalRequest request = new TerminalRequest("xterm", 0, 0, Map.of());
    assertThat(request.columns()).isEqualTo(80);
    assertThat(request.rows()).isEqualTo(24);
    assertThat(request.resized(1_000_000, -3).columns()).isEqualTo(TerminalRequest.MAX_CELLS);
    assertThat(request.resized(1_000_000, -3).rows()).isEqualTo(1);
  }
}
