package org.ongsung.wire.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8DecoderTest {
  private static String decodeByteByByte(byte[] bytes) {
    Utf8Decoder decoder = new Utf8Decoder();
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < bytes.length; at++) {
      decoder.decode(bytes, at, 1, text);
    }
    decoder.finish(text);
    return text.toString();
  }

  private static byte[] hex(String hex) {
    return HexFormat.ofDelimiter(" ").parseHex(hex);
  }

  @Test
  void textIsTheSameHoweverItWasCut() {
    byte[] bytes = "가나다 abc é 😀\n".getBytes(StandardCharsets.UTF_8);

    assertThat(decodeByteByByte(bytes)).isEqualTo("가나다 abc é 😀\n");
    assertThat(Utf8Decoder.decode(bytes, 0, bytes.length)).isEqualTo("가나다 abc é 😀\n");
  }

  @Test
  void eachMaximalSubpartOfAnIllFormedSequenceIsReplacedOnceAndCounted() {
    // Unicode 16, table 3-8 to 3-11.
    record Case(String hex, String text) {}
    for (Case each :
        new Case[] {
          new Case("c0 af e0 80 bf f0 81 82 41", "\uFFFD".repeat(8) + "A"),
          new Case("ed a0 80 ed bf bf ed af 41", "\uFFFD".repeat(8) + "A"),
          new Case("f4 91 92 93 ff 41 80 bf 42", "\uFFFD".repeat(5) + "A\uFFFD\uFFFDB"),
          new Case("e1 80 e2 f0 91 92 f1 bf 41", "\uFFFD".repeat(4) + "A"),
        }) {
      Utf8Decoder decoder = new Utf8Decoder();
      StringBuilder text = new StringBuilder();
      decoder.decode(hex(each.hex), 0, hex(each.hex).length, text);
      decoder.finish(text);
      assertThat(text).as(each.hex).hasToString(each.text);
      assertThat(decoder.replacements())
          .isEqualTo(each.text.chars().filter(c -> c == '\uFFFD').count());
    }
  }

  @Test
  void aSequenceCutByTheEndOfTheStreamIsReplaced() {
    Utf8Decoder decoder = new Utf8Decoder();
    StringBuilder text = new StringBuilder();
    decoder.decode(hex("61 ea b0"), 0, 3, text);
    assertThat(text).hasToString("a");
    assertThat(decoder.pending()).isTrue();
    decoder.finish(text);
    assertThat(text).hasToString("a\uFFFD");
    assertThat(decoder.pending()).isFalse();
  }

  @Test
  void aReplacementCharacterThatWasSentIsNotCounted() {
    Utf8Decoder decoder = new Utf8Decoder();
    StringBuilder text = new StringBuilder();
    decoder.decode(hex("ef bf bd"), 0, 3, text);
    assertThat(text).hasToString("\uFFFD");
    assertThat(decoder.replacements()).isZero();
  }

  @Test
  void anyBytesButEncodedSurrogatesDecodeAsJavaDecodesThem() {
    Random random = new Random(42);
    byte[] leads = hex("00 41 7f 80 8f 90 9f a0 bf c1 c2 df e0 e1 ec ef f0 f1 f4 f5 ff");
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = new byte[random.nextInt(12)];
      for (int at = 0; at < bytes.length; at++) {
        bytes[at] = leads[random.nextInt(leads.length)];
      }
      String expected = new String(bytes, StandardCharsets.UTF_8);
      assertThat(decodeByteByByte(bytes)).isEqualTo(expected);
      assertThat(Utf8Decoder.decode(bytes, 0, bytes.length)).isEqualTo(expected);
    }
  }
}
