package org.ongsung.transcript.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Regular expressions from users: what makes other engines take exponential time takes linear time
/// here, and what would become a large program is refused before it does.
class RegularExpressionRegressionTest {
  private static final long LONGEST_NANOS = 20_000_000_000L;

  @Test
  void expressionsThatStopOtherEnginesTakeLinearTime() throws Exception {
    String text = "a".repeat(4_096) + "!";
    for (String expression :
        List.of("(a+)+$", "(a|aa)+$", "(.*)*x", "([a-z]+)*=", "(a?){50}a{50}b")) {
      long began = System.nanoTime();
      assertThat(Expression.of(expression).matches(text)).isFalse();
      assertThat(System.nanoTime() - began).as(expression).isLessThan(LONGEST_NANOS);
    }
  }

  @Test
  void whatWouldBecomeLargeIsRefusedAtOnce() {
    for (String expression :
        List.of("a{100}{100}{100}", "((a{100}){100}){100}", "(((a{1000}){1000}){1000}){1000}")) {
      long began = System.nanoTime();
      assertThatThrownBy(() -> Expression.of(expression)).isInstanceOf(UnfitPatternException.class);
      assertThat(System.nanoTime() - began).as(expression).isLessThan(LONGEST_NANOS);
    }
  }

  @Test
  void theLongestExpressionIsTakenAndOneLongerIsNot() throws Exception {
    assertThat(Expression.of("a".repeat(500)).matches("a".repeat(500))).isTrue();
    assertThatThrownBy(() -> Expression.of("a".repeat(501)))
        .isInstanceOf(UnfitPatternException.class);
    assertThat(Expression.of("((a{48}){48})").matches("a".repeat(2_304))).isTrue();
    assertThatThrownBy(() -> Expression.of("((a{50}){50})"))
        .isInstanceOf(UnfitPatternException.class);
  }

  @Test
  void groupsAreOnlySoDeep() throws Exception {
    assertThat(Expression.of("(".repeat(40) + "a" + ")".repeat(40)).matches("a")).isTrue();
    assertThatThrownBy(() -> Expression.of("(".repeat(200) + "a" + ")".repeat(200)))
        .isInstanceOf(UnfitPatternException.class);
  }
}
