package org.ongsung.gateway.loop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LookAgainTest {

  private final LookAgain lookAgain = new LookAgain();

  private void answers(long nanos, int times) {
    for (int i = 0; i < times; i++) {
      lookAgain.answered(nanos);
    }
  }

  @Test
  void beginsWithTheLeast() {
    assertThat(lookAgain.nanos()).isEqualTo(LookAgain.LEAST_NANOS);
  }

  @Test
  void looksTwiceAsLongAsAnswersTake() {
    answers(100_000, 100);
    assertThat(lookAgain.nanos()).isBetween(190_000L, 200_000L);
  }

  @Test
  void neverLooksLongerThanTheMostOrShorterThanTheLeast() {
    answers(LookAgain.MOST_NANOS, 100);
    assertThat(lookAgain.nanos()).isEqualTo(LookAgain.MOST_NANOS);
    answers(1, 100);
    assertThat(lookAgain.nanos()).isEqualTo(LookAgain.LEAST_NANOS);
  }

  @Test
  void learnsNothingFromWhatNoLookingWouldHaveMet() {
    answers(100_000, 100);
    long before = lookAgain.nanos();
    answers(LookAgain.MOST_NANOS + 1, 100);
    assertThat(lookAgain.nanos()).isEqualTo(before);
  }
}
