package org.ongsung.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class AddressPlacesTest {
  private static final InetAddress ALICE = InetAddress.ofLiteral("192.0.2.1");
  private static final InetAddress BOB = InetAddress.ofLiteral("192.0.2.2");

  @Test
  void anAddressTakesAsManyPlacesAsItMayAndNotOneMoreUntilItGivesOneBack() {
    AddressPlaces places = new AddressPlaces(2);
    assertThat(places.take(ALICE)).isTrue();
    assertThat(places.take(ALICE)).isTrue();
    assertThat(places.take(ALICE)).isFalse();
    assertThat(places.take(BOB)).isTrue();
    places.giveBack(ALICE);
    assertThat(places.take(ALICE)).isTrue();
    assertThat(places.take(ALICE)).isFalse();
  }

  @Test
  void theAddressesOfOneNetworkOfSixtyFourBitsCountAsOne() {
    AddressPlaces places = new AddressPlaces(1);
    assertThat(places.take(InetAddress.ofLiteral("2001:db8::1"))).isTrue();
    assertThat(places.take(InetAddress.ofLiteral("2001:db8::ffff:ffff:ffff:ffff"))).isFalse();
    assertThat(places.take(InetAddress.ofLiteral("2001:db8:0:1::1"))).isTrue();
  }

  @Test
  void nothingIsRememberedOfThoseWhoHaveLeft() {
    AddressPlaces places = new AddressPlaces(1);
    for (int i = 0; i < 100; i++) {
      assertThat(places.take(ALICE)).isTrue();
      places.giveBack(ALICE);
    }
    assertThat(places.remembered()).isZero();
  }

  @Test
  void itIsToldAtOnceAndThenTogetherOnceAMinute() {
    AddressPlaces places = new AddressPlaces(1);
    long minute = AddressPlaces.RETOLD_EVERY.toNanos();
    assertThat(places.turnedAway(ALICE, 0)).isEqualTo(1);
    assertThat(places.turnedAway(ALICE, 1)).isZero();
    assertThat(places.turnedAway(BOB, 1)).isEqualTo(1);
    assertThat(places.turnedAway(ALICE, minute - 1)).isZero();
    assertThat(places.turnedAway(ALICE, minute)).isEqualTo(3);
    assertThat(places.turnedAway(ALICE, minute + 1)).isZero();
  }

  @Test
  void noMoreAddressesAreRememberedThanTheLimit() {
    AddressPlaces places = new AddressPlaces(1);
    for (int i = 0; i <= AddressPlaces.TOLD_MAX; i++) {
      var _ = places.turnedAway(InetAddress.ofLiteral("198.18." + i / 256 + "." + i % 256), 0);
      assertThat(places.remembered()).isEqualTo(Math.min(i + 1, AddressPlaces.TOLD_MAX));
    }
  }
}
