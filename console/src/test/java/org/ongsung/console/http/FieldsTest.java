package org.ongsung.console.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FieldsTest {
  @Test
  void thereMayBeTwoThousandFieldsAndNoMore() {
    assertThat(Fields.parse("a=1&".repeat(1_999) + "b=2").raw("b")).isEqualTo("2");
    assertThatThrownBy(() -> Fields.parse("a=1&".repeat(2_000) + "b=2"))
        .isInstanceOfSatisfying(
            HttpProblem.class, problem -> assertThat(problem.status()).isEqualTo(400));
  }

  @Test
  void whatIsNoUtf8OrNoEscapeIsABadRequest() {
    assertThat(Fields.parse("n=%EA%B0%80+%2B").raw("n")).isEqualTo("가 +");
    for (String broken : new String[] {"n=%", "n=%4", "n=%zz", "n=%FF", "%C3=1"}) {
      assertThatThrownBy(() -> Fields.parse(broken))
          .as(broken)
          .isInstanceOfSatisfying(
              HttpProblem.class, problem -> assertThat(problem.status()).isEqualTo(400));
    }
  }

  @Test
  void aRedirectStaysInsideUpToItsLength() {
    String longest = "/" + "a".repeat(2_047);
    assertThat(Redirects.inside(longest, "/")).isEqualTo(longest);
    assertThat(Redirects.inside(longest + "a", "/")).isEqualTo("/");
  }
}
