package org.ongsung.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoginPromptsTest {
  private static LoginPrompts of(List<String> login) {
    return new LoginPrompts(login, List.of(), List.of(), List.of());
  }

  @Test
  void patternsAreTakenUpToTheirLimitsAndNotPastThem() {
    assertThat(of(Collections.nCopies(LoginPrompts.MAX_PATTERNS, "*x")).login()).hasSize(16);
    assertThatThrownBy(() -> of(Collections.nCopies(LoginPrompts.MAX_PATTERNS + 1, "*x")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(LoginPrompts.pattern("x".repeat(LoginPrompts.MAX_CHARACTERS))).hasSize(100);
    assertThatThrownBy(() -> LoginPrompts.pattern("x".repeat(LoginPrompts.MAX_CHARACTERS + 1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatFitsEverythingOrNothingIsNoPattern() {
    for (String text : new String[] {"", " ", "*", "**", "* *", "a\u001bb"}) {
      assertThatThrownBy(() -> LoginPrompts.pattern(text)).as(text).hasMessageContaining("prompt");
    }
  }
}
