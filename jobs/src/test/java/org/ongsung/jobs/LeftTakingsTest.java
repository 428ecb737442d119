package org.ongsung.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LeftTakingsTest {
  @Test
  void theNewestSoManyAreRemembered() {
    LeftTakings left = new LeftTakings(2);
    left.add("first");
    left.add("second");
    left.add("second");
    assertThat(left.contains("first")).isTrue();
    assertThat(left.contains("second")).isTrue();
    left.add("third");
    assertThat(left.contains("first")).isFalse();
    assertThat(left.contains("second")).isTrue();
    assertThat(left.contains("third")).isTrue();
  }
}
