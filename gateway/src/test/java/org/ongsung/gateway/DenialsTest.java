package org.ongsung.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.ongsung.model.Name;

class DenialsTest {
  private static final Name ALICE = Name.of("alice");
  private static final Name BOB = Name.of("bob");

  private final Denials denials = new Denials();

  @Test
  void whoIsDeniedOverAndOverTakesNobodyElsesPlaceInTheLedger() {
    for (int i = 0; i < Refusals.AT_ONCE; i++) {
      assertThat(denials.next(ALICE, 0)).isZero();
    }
    assertThat(denials.next(ALICE, 0)).isEqualTo(-1);
    assertThat(denials.next(BOB, 0)).isZero();
    assertThat(denials.next(ALICE, 1_000_000_000)).isEqualTo(1);
  }

  @Test
  void onlySoManyPeopleAreRemembered() {
    for (int i = 0; i < 2 * Denials.REMEMBERED_MAX; i++) {
      assertThat(denials.next(Name.of("user-" + i), 0)).isZero();
    }
    assertThat(denials.remembered()).isEqualTo(Denials.REMEMBERED_MAX);
  }
}
