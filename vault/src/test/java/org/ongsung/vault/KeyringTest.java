package org.ongsung.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyringTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  /// The lines of a ring with `count` keys, the last of which is the current one.
  private static List<String> lines(int count) {
    List<String> lines = new ArrayList<>();
    lines.add("ongsung-vault-keys 1");
    for (int i = 1; i <= count; i++) {
      lines.add("key %016x %s %s=".formatted(i, NOW, "A".repeat(43)));
    }
    lines.add("current %016x".formatted(count));
    return lines;
  }

  @Test
  void itTakesAsManyKeysAsYearsOfDailyRotationMakeAndNoMore() {
    Keyring almost = Keyring.parse(lines(Keyring.MAX_KEYS - 1));
    Keyring full = almost.withNewKey(NOW);
    assertThat(full.size()).isEqualTo(Keyring.MAX_KEYS);
    assertThat(Keyring.parse(full.text().lines().toList()).current()).isEqualTo(full.current());
    assertThatThrownBy(() -> full.withNewKey(NOW))
        .isInstanceOf(VaultException.class)
        .hasMessageContaining("4096");
    assertThatThrownBy(() -> Keyring.parse(lines(Keyring.MAX_KEYS + 1)))
        .isInstanceOf(VaultException.class)
        .hasMessageContaining("more than 4096 keys");
  }

  @Test
  void noMessageAndNoPrintShowsAKey() {
    List<String> broken = lines(2);
    broken.set(1, broken.get(1).replace("=", "!"));
    assertThatThrownBy(() -> Keyring.parse(broken))
        .isInstanceOf(VaultException.class)
        .hasMessageContaining("line 2")
        .hasMessageNotContaining("AAAA");
    assertThat(Keyring.parse(lines(2)).toString()).doesNotContain("AAAA");
  }
}
