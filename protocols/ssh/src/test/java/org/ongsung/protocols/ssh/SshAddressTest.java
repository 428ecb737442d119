package org.ongsung.protocols.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ongsung.policy.AccessRequest;

class SshAddressTest {
  @ParameterizedTest
  @CsvSource({
    "alice,alice,,",
    "alice+web-1,alice,web-1,",
    "alice:web-1,alice,web-1,",
    "alice+root+web-1,alice,web-1,root",
    "alice:root:web-1,alice,web-1,root"
  })
  void thePartsAreFound(String text, String user, String target, String account) {
    SshAddress address = SshAddress.parse(text);
    assertThat(address.wellFormed()).isTrue();
    assertThat(address.user()).isEqualTo(user);
    assertThat(address.access())
        .isEqualTo(target == null ? null : new AccessRequest(target, account));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "+", "alice+", "+web-1", "alice++web", "a+b+c+d", "a+b:c", "a:b+c"})
  void whatHasEmptyOrTooManyPartsIsMalformed(String text) {
    assertThat(SshAddress.parse(text).wellFormed()).isFalse();
    assertThat(SshAddress.parse(text).access()).isNull();
  }

  @Test
  void theLongestNameIsTakenAndOneMoreCharacterIsNot() {
    String rest = "+web-1";
    String longest = "a".repeat(SshAddress.MAX_CHARACTERS - rest.length()) + rest;
    assertThat(SshAddress.parse(longest).wellFormed()).isTrue();
    assertThat(SshAddress.parse("a" + longest).wellFormed()).isFalse();
  }
}
