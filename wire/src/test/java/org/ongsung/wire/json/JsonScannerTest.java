package org.ongsung.wire.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class JsonScannerTest {
  private static void skip(String json) {
    JsonScanner scanner = new JsonScanner(json);
    scanner.skipValue();
    scanner.expectEnd();
  }

  @Test
  void sixteenValuesMayStandInEachOtherAndOneMoreMayNot() {
    skip("[".repeat(16) + "]".repeat(16));
    skip("{\"a\":".repeat(15) + "1" + "}".repeat(15));
    assertThatThrownBy(() -> skip("[".repeat(17) + "]".repeat(17)))
        .isInstanceOf(JsonScanner.Malformed.class)
        .hasMessageContaining("too deep");
    assertThatThrownBy(() -> skip("{\"a\":".repeat(16) + "1" + "}".repeat(16)))
        .isInstanceOf(JsonScanner.Malformed.class)
        .hasMessageContaining("too deep");
    assertThatThrownBy(() -> skip("[".repeat(100_000)))
        .isInstanceOf(JsonScanner.Malformed.class)
        .hasMessageContaining("too deep");
  }

  @Test
  void valuesBesideEachOtherDoNotCountAsDepth() {
    skip("[" + "[],".repeat(10_000) + "{}]");
  }

  @Test
  void aNumberHasFortyCharactersAndNoMore() {
    assertThat(new JsonScanner("1".repeat(40)).number()).isGreaterThan(1e39);
    assertThatThrownBy(() -> new JsonScanner("1".repeat(41)).number())
        .isInstanceOf(JsonScanner.Malformed.class);
  }
}
