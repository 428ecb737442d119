package org.ongsung.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {
  @ParameterizedTest
  @CsvSource({
    "30m, PT30M, 30m",
    "8h, PT8H, 8h",
    "90m, PT1H30M, 1h30m",
    "1d, PT24H, 24h",
    "1d2h3m4s5ms, PT26H3M4.005S, 26h3m4s5ms",
    "500ms, PT0.5S, 500ms",
    "0s, PT0S, 0s"
  })
  void isReadAndWritten(String text, Duration duration, String written) {
    assertThat(DurationText.parse(text)).isEqualTo(duration);
    assertThat(DurationText.of(duration)).isEqualTo(written);
    assertThat(DurationText.parse(written)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "30", "m", "30 m", "-30m", "1.5h", "30m8h", "1h1h", "PT30M", "1234567h"})
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> DurationText.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("not a duration (30m, 8h, 1h30m): ");
  }
}
