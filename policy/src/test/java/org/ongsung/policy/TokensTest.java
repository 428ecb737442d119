package org.ongsung.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TokensTest {
  @Test
  void aTextHas256BitsBehindAPrefixThatScannersFind() {
    assertThat(Tokens.newText()).matches("ong_[A-Za-z0-9_-]{43}");
    assertThat(Tokens.newText()).hasSizeLessThan(Tokens.MAX_CHARACTERS);
    assertThat(Tokens.newSecret()).matches("[A-Za-z0-9_-]{43}");
    assertThat(Tokens.newId()).matches("[A-Za-z0-9_-]{16}");
  }

  @Test
  void noTwoAreAlike() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      assertThat(seen.add(Tokens.newText())).isTrue();
      assertThat(seen.add(Tokens.newId())).isTrue();
    }
  }

  @Test
  void theHashIsThatOfTheStandard() {
    assertThat(Tokens.sha256("abc")) // FIPS 180-2, appendix B.1
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }
}
