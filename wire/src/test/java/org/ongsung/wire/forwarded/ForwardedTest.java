package org.ongsung.wire.forwarded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ForwardedTest {
  /// RFC 7239 section 4.
  @Test
  void theExamplesOfTheStandard() {
    assertThat(Forwarded.parse("for=\"_gazonk\""))
        .contains(List.of(new Forwarded("_gazonk", "", "")));
    assertThat(Forwarded.parse("For=\"[2001:db8:cafe::17]:4711\""))
        .contains(List.of(new Forwarded("[2001:db8:cafe::17]:4711", "", "")));
    assertThat(Forwarded.parse("for=192.0.2.60;proto=http;by=203.0.113.43"))
        .contains(List.of(new Forwarded("192.0.2.60", "http", "")));
    assertThat(Forwarded.parse("for=192.0.2.43, for=198.51.100.17"))
        .contains(
            List.of(new Forwarded("192.0.2.43", "", ""), new Forwarded("198.51.100.17", "", "")));
  }

  @Test
  void allThatProxiesSayIsRead() {
    assertThat(
            Forwarded.parse(
                "for=unknown ,\tFOR=192.0.2.7 ; Proto=HTTPS;host=\"gate.example.com:8443\";x=\"a\\\"b\""))
        .contains(
            List.of(
                new Forwarded("unknown", "", ""),
                new Forwarded("192.0.2.7", "https", "gate.example.com:8443")));
  }

  @Test
  void whatIsMalformedAnywhereIsNotReadAtAll() {
    for (String header :
        List.of(
            "",
            "for",
            "for=",
            "for=\"\"",
            "=192.0.2.7",
            "for=192.0.2.7;",
            "for=192.0.2.7,",
            ",for=192.0.2.7",
            "for=192.0.2.7,,for=192.0.2.8",
            "for=[2001:db8::1]",
            "for=192.0.2.7:80",
            "for=\"192.0.2.7",
            "for=\"a\nb\"",
            "for=192.0.2.7;for=192.0.2.8",
            "for=192.0.2.7 x",
            "for = 192.0.2.7")) {
      assertThat(Forwarded.parse(header)).as(header).isEmpty();
    }
  }

  @Test
  void aHeaderHasALimit() {
    String start = "for=";
    String longest = start + "a".repeat(Forwarded.MAX_CHARACTERS - start.length());
    assertThat(Forwarded.parse(longest)).isPresent();
    assertThat(Forwarded.parse(longest + "a")).isEmpty();
  }

  @Test
  void noInputMakesItFail() {
    Random random = new Random(7_239);
    String letters = "for=;,\"\\ \tproto192.0.2.7[]:_\u0000\u00e9";
    for (int i = 0; i < 50_000; i++) {
      StringBuilder header = new StringBuilder();
      int length = random.nextInt(40);
      for (int c = 0; c < length; c++) {
        header.append(letters.charAt(random.nextInt(letters.length())));
      }
      assertThat(Forwarded.parse(header.toString())).isNotNull();
    }
  }
}
