package org.ongsung.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RefusalsTest {
  private static final long SECOND = 1_000_000_000;

  @Test
  void asManyInARowAsTheLimitAreToldAndTheNextOnesAreCounted() {
    Refusals refusals = new Refusals();
    for (int i = 0; i < Refusals.AT_ONCE; i++) {
      assertThat(refusals.next(-7)).isZero();
    }
    assertThat(refusals.next(-7)).isEqualTo(-1);
    assertThat(refusals.next(SECOND - 8)).isEqualTo(-1);
    assertThat(refusals.leftOut()).isEqualTo(2);
    assertThat(refusals.next(SECOND - 7)).isEqualTo(2);
    assertThat(refusals.next(SECOND - 7)).isEqualTo(-1);
    assertThat(refusals.leftOut()).isEqualTo(1);
  }

  @Test
  void afterAPauseNoMoreAreToldInARowThanAtFirst() {
    Refusals refusals = new Refusals();
    assertThat(refusals.next(0)).isZero();
    for (int i = 0; i < Refusals.AT_ONCE; i++) {
      assertThat(refusals.next(1_000 * SECOND)).isZero();
    }
    assertThat(refusals.next(1_000 * SECOND)).isEqualTo(-1);
  }
}
