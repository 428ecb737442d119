package org.ongsung.console.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodingsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"gzip", "GZIP", "br, gzip", "gzip;q=0.5", "gzip; q=0.001", "*", "br;q=1,*;q=0.1"})
  void gzipIsTaken(String header) {
    assertThat(Codings.takesGzip(header)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "br",
        "gzip;q=0",
        "gzip; q=0.000",
        "*, gzip;q=0",
        "identity",
        "*;q=0",
        "gzipped"
      })
  void gzipIsNotTaken(String header) {
    assertThat(Codings.takesGzip(header)).isFalse();
  }

  @Test
  void whoSaysNothingGetsItAsItIs() {
    assertThat(Codings.takesGzip(null)).isFalse();
    assertThat(Codings.names(null, "\"a\"")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"a\"", "W/\"a\"", "\"b\", \"a\"", "\"b\",W/\"a\" ", "*"})
  void theTagIsNamed(String header) {
    assertThat(Codings.names(header, "\"a\"")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "\"a-gzip\"", "\"b\"", "w/\"a\""})
  void theTagIsNotNamed(String header) {
    assertThat(Codings.names(header, "\"a\"")).isFalse();
  }
}
