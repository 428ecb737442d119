package org.ongsung.server.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenAddressTest {
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:2222", "[::1]:0", "gate:65535"})
  void whatItReadsItPrintsAgain(String text) {
    assertThat(ListenAddress.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":22", "127.0.0.1", "::1:22", "a:65536", "a:-1", "a:x", "a:"})
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> ListenAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void bothWildcardsListenEverywhere() {
    assertThat(ListenAddress.parse("0.0.0.0:1").isAny()).isTrue();
    assertThat(ListenAddress.parse("[::]:1").isAny()).isTrue();
    assertThat(ListenAddress.parse("127.0.0.1:1").isAny()).isFalse();
  }
}
