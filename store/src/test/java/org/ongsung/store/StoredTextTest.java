package org.ongsung.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class StoredTextTest {
  @Test
  void cleanTextIsTheSameText() {
    String text = "가나다 abc 😀\n\t\u001b";
    assertThat(StoredText.clean(text)).isSameAs(text);
    assertThat(StoredText.clean("")).isEmpty();
  }

  @Test
  void nulAndHalfPairsAreReplacedWhereverTheyStand() {
    assertThat(StoredText.clean("\u0000a\u0000")).isEqualTo("\uFFFDa\uFFFD");
    assertThat(StoredText.clean("\ud83d")).isEqualTo("\uFFFD");
    assertThat(StoredText.clean("\ude00")).isEqualTo("\uFFFD");
    assertThat(StoredText.clean("\ude00\ud83d\ud83d\ude00")).isEqualTo("\uFFFD\uFFFD\ud83d\ude00");
  }

  @Test
  void foldingIgnoresCaseAndComposition() {
    assertThat(StoredText.folded("ÄRGER")).isEqualTo("ärger");
    assertThat(StoredText.folded("A\u0308")).isEqualTo("ä");
    assertThat(StoredText.folded("\u1100\u1161")).isEqualTo("가");
  }

  @Test
  void aPatternTakesWildcardsLiterally() {
    assertThat(StoredText.containing("5%_!")).isEqualTo("%5!%!_!!%");
  }

  @Test
  void instantsAreMicrosecondsCutDownwards() {
    for (String text :
        new String[] {"1969-12-31T23:59:59.999999Z", "2026-03-01T00:00:00.000001Z"}) {
      Instant instant = Instant.parse(text);
      assertThat(StoredText.instant(StoredText.micros(instant))).isEqualTo(instant);
      assertThat(StoredText.micros(instant.plusNanos(999))).isEqualTo(StoredText.micros(instant));
    }
  }
}
