package org.ongsung.transcript.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.Pattern;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {
  private static boolean may(Expression expression, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return expression.mayMatch(bytes, 0, bytes.length);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "rm -rf /~rm\\s+-rf~true",
        "RM -RF~rm -rf~true",
        "RM~(?-i)rm~false",
        "세종대왕~세종.왕~true",
        "permission denied~(denied|failed)$~true",
        "abcabc~^(abc){2}$~true",
        "ab~a{3}~false",
        "Kelvin \u212a~k$~true",
        "x=1~\\bx\\b=\\d~true",
        "naïve~NAÏVE~true",
        "no vowels~[^aeiou\\W]{3}~false",
        "가~[^가-힣]~false",
        "가a~[^가-힣]~true",
        "a.b~\\Qa.b\\E~true",
        "tab\there~[[:space:]]here~true",
        "{literal}~{literal}~true",
      })
  void matchesAsTheEngineDoesAndNeverTurnsAMatchAway(String text, String expression, boolean match)
      throws Exception {
    Expression read = Expression.of(expression);
    assertThat(read.matches(text)).isEqualTo(match);
    if (match) {
      assertThat(may(read, text)).isTrue();
    }
  }

  @Test
  void whateverTheEngineFindsTheAutomatonAndTheNeedsLetThrough() throws Exception {
    Random random = new Random(11);
    String letters = "abkS가나 .";
    String[] parts = {
      "a",
      "b",
      "k",
      "s",
      "가",
      "나",
      " ",
      ".",
      "[ab]",
      "[^a]",
      "(ab|가)",
      "(?:나k)",
      "\\w",
      "\\s",
      "^",
      "$",
      "\\b",
      "(?i:S)",
      "(?-i:S)",
      "\\x{ac00}"
    };
    String[] repeats = {"", "", "", "*", "+", "?", "{2}", "{1,3}", "*?"};
    int matched = 0;
    for (int round = 0; round < 20_000; round++) {
      StringBuilder expression = new StringBuilder();
      for (int i = 0; i <= random.nextInt(5); i++) {
        String part = parts[random.nextInt(parts.length)];
        boolean condition = part.equals("^") || part.equals("$") || part.equals("\\b");
        expression
            .append(part)
            .append(condition ? "" : repeats[random.nextInt(repeats.length)])
            .append(random.nextInt(12) == 0 ? "|" : "");
      }
      if (expression.toString().isBlank()) {
        continue;
      }
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < random.nextInt(12); i++) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      Expression read = Expression.of(expression.toString());
      boolean found =
          Pattern.compile(expression.toString(), Pattern.CASE_INSENSITIVE)
              .matcher(text.toString())
              .find();
      assertThat(read.matches(text.toString())).isEqualTo(found);
      if (found) {
        matched++;
        assertThat(may(read, text.toString())).as("%s on %s", expression, text).isTrue();
        assertThat(holds(read.needs(), text.toString())).as("%s on %s", expression, text).isTrue();
      }
    }
    assertThat(matched).isGreaterThan(3_000);
  }

  private static boolean holds(Needs needs, String text) {
    return switch (needs) {
      case Needs.Nothing() -> true;
      case Needs.All(List<Needs> parts) -> parts.stream().allMatch(part -> holds(part, text));
      case Needs.Any(List<Needs> parts) -> parts.stream().anyMatch(part -> holds(part, text));
      case Needs.Held(List<Grams.Gram> grams) ->
          grams.stream().allMatch(gram -> Fold.text(text).contains(gram.text()));
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(",
        ")",
        "[a",
        "a**",
        "*a",
        "\\",
        "a{5,2}",
        "a{1001}",
        "(?=a)",
        "(?<!a)b",
        "\\1",
        "(?>a)",
        "a{100}{100}{100}",
        "((a{100}){100}){100}",
        "(?P<x",
        "\\xzz",
        "[b-a]"
      })
  void whatIsNoExpressionOrTooLargeIsRefused(String expression) {
    assertThatThrownBy(() -> Expression.of(expression)).isInstanceOf(UnfitPatternException.class);
  }

  @Test
  void wordsMustAllBeThereWhateverTheirCase() throws Exception {
    Words words = Words.of("  Drop \"table 급여\" ");
    assertThat(words.matches("DROP  TABLE 급여;")).isTrue();
    assertThat(words.matches("drop table  급여")).isFalse();
    assertThat(words.marks("table 급여 drop", 10, System.nanoTime()))
        .extracting(mark -> mark[0] + "-" + mark[1])
        .containsExactly("0-8", "9-13");
    assertThatThrownBy(() -> Words.of("  ")).isInstanceOf(UnfitPatternException.class);
  }
}
