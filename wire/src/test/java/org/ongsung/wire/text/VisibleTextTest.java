package org.ongsung.wire.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VisibleTextTest {
  @Test
  void ordinaryTextStaysAsItIs() {
    assertThat(VisibleText.of("/home/김앨리스/a b.txt 😀 👩‍💻"))
        .isEqualTo("/home/김앨리스/a b.txt 😀 👩‍💻");
  }

  @Test
  void whatMovesHidesOrReordersIsEscaped() {
    assertThat(VisibleText.of("a\nb\r\t\\")).isEqualTo("a\\nb\\r\\t\\\\");
    assertThat(VisibleText.of("\u001b]0;x\u0007\u009b2J\u007f"))
        .isEqualTo("\\x1b]0;x\\x07\\x9b2J\\x7f");
    assertThat(VisibleText.of("\u202egpj.exe\u2028\u200b\ud800"))
        .isEqualTo("\\u202egpj.exe\\u2028\\u200b\\ud800");
    assertThat(VisibleText.of("\udb40\udc41")).isEqualTo("\\u{e0041}");
  }

  @Test
  void jsonKeepsItsMeaningAndShowsWhatATerminalWouldObey() {
    assertThat(VisibleText.ofJson("{\n  \"a\\u001b\": \"김\u009b2J\u202e\u007f\"\n}"))
        .isEqualTo("{\n  \"a\\u001b\": \"김\\u009b2J\\u202e\\u007f\"\n}");
    assertThat(VisibleText.ofJson("\"\udb40\udc41\"")).isEqualTo("\"\\udb40\\udc41\"");
  }

  @Test
  void longTextIsCutAndShowsThatItWas() {
    assertThat(VisibleText.of("abcde", 5)).isEqualTo("abcde");
    assertThat(VisibleText.of("abcdef", 5)).isEqualTo("abcd…");
    assertThat(VisibleText.of("abc😀def", 5)).isEqualTo("abc…");
    assertThat(VisibleText.of("\n\n\n", 5)).isEqualTo("\\n\\n…");
  }
}
