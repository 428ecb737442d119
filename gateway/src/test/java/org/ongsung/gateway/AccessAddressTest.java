package org.ongsung.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ongsung.policy.AccessRequest;

class AccessAddressTest {
  @ParameterizedTest
  @CsvSource({
    "alice,alice,,",
    "alice+web-1,alice,web-1,",
    "alice:web-1,alice,web-1,",
    "alice+root+web-1,alice,web-1,root",
    "alice:root:web-1,alice,web-1,root"
  })
  void thePartsAreFound(String text, String user, String target, String account) {
    AccessAddress address = AccessAddress.parse(text);
    assertThat(address.wellFormed()).isTrue();
    assertThat(address.user()).isEqualTo(user);
    assertThat(address.access())
        .isEqualTo(target == null ? null : new AccessRequest(target, account));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "+", "alice+", "+web-1", "alice++web", "a+b+c+d", "a+b:c", "a:b+c"})
  void whatHasEmptyOrTooManyPartsIsMalformed(String text) {
    assertThat(AccessAddress.parse(text).wellFormed()).isFalse();
    assertThat(AccessAddress.parse(text).access()).isNull();
  }

  @Test
  void theLongestNameIsTakenAndOneMoreCharacterIsNot() {
    String rest = "+web-1";
    String longest = "a".repeat(AccessAddress.MAX_CHARACTERS - rest.length()) + rest;
    assertThat(AccessAddress.parse(longest).wellFormed()).isTrue();
    assertThat(AccessAddress.parse("a" + longest).wellFormed()).isFalse();
  }
}
