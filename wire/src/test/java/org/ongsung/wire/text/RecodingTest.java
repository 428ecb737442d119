package org.ongsung.wire.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecodingTest {
  private static final Charset CP949 = Charset.forName("x-windows-949");
  private static final Charset EUC_KR = Charset.forName("EUC-KR");

  private static byte[] hex(String bytes) {
    return HexFormat.ofDelimiter(" ").parseHex(bytes);
  }

  /// The stream in pieces of that many bytes.
  private static byte[] recoded(Recoding recoding, byte[] bytes, int pieces) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int at = 0; at < bytes.length; at += pieces) {
      all.writeBytes(recoding.recode(bytes, at, Math.min(pieces, bytes.length - at)));
    }
    all.writeBytes(recoding.finish());
    return all.toByteArray();
  }

  private static String shown(Charset encoding, byte[] bytes, int pieces) {
    Recoding recoding = new Recoding(encoding, StandardCharsets.UTF_8);
    return new String(recoded(recoding, bytes, pieces), StandardCharsets.UTF_8);
  }

  private static byte[] typed(Charset encoding, String text, int pieces) {
    Recoding recoding = new Recoding(StandardCharsets.UTF_8, encoding);
    return recoded(recoding, text.getBytes(StandardCharsets.UTF_8), pieces);
  }

  @ParameterizedTest
  @ValueSource(strings = {"EUC-KR", "x-windows-949"})
  void textAndEscapeSequencesAreTheSameWhateverThePieces(String name) {
    Charset encoding = Charset.forName(name);
    String text = "가나다 abc\u001b[31m빨강\u001b[0m\u0007\r\n\u0003\\ ~ 漢字 ㈜";
    for (int pieces : new int[] {1, 2, 3, 7, 4_096}) {
      assertThat(shown(encoding, text.getBytes(encoding), pieces)).isEqualTo(text);
      assertThat(typed(encoding, text, pieces)).isEqualTo(text.getBytes(encoding));
    }
  }

  @Test
  void theBytesAreThoseOfTheStandards() {
    assertThat(typed(EUC_KR, "한글", 100)).isEqualTo(hex("c7 d1 b1 db"));
    assertThat(typed(CP949, "똠펲", 100)).isEqualTo(hex("8c 63 bc 84"));
    assertThat(shown(CP949, hex("8c 63 bc 84"), 1)).isEqualTo("똠펲");
  }

  @Test
  void aCharacterWaitsForItsLastByteAndNothingElseWaits() {
    Recoding recoding = new Recoding(EUC_KR, StandardCharsets.UTF_8);
    assertThat(recoding.recode(hex("41 c7"), 0, 2)).isEqualTo(hex("41"));
    assertThat(recoding.recode(hex("d1 42"), 0, 2)).isEqualTo(hex("ed 95 9c 42"));
    assertThat(recoding.recode(hex("00 1b 5b 00"), 1, 2)).isEqualTo(hex("1b 5b"));
    assertThat(recoding.replacements()).isZero();
    assertThat(recoding.finish()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"EUC-KR", "x-windows-949"})
  void whatIsNoTextIsReplacedAndControlsBehindItStay(String name) {
    Charset encoding = Charset.forName(name);
    for (int pieces : new int[] {1, 100}) {
      assertThat(shown(encoding, hex("61 c7 1b 5b 6d c7 0d 0a ff 62"), pieces))
          .isEqualTo("a\ufffd\u001b[m\ufffd\r\n\ufffdb");
    }
  }

  @Test
  void whatIsNoTextIsCounted() {
    Recoding recoding = new Recoding(EUC_KR, StandardCharsets.UTF_8);
    assertThat(recoding.recode(hex("ff c7"), 0, 2)).isEqualTo(hex("ef bf bd"));
    assertThat(recoding.finish()).as("half a character").isEqualTo(hex("ef bf bd"));
    assertThat(recoding.replacements()).isEqualTo(2);
    assertThat(recoding.finish()).as("once").isEmpty();
  }

  @Test
  void whatTheEncodingHasNoWordForIsAQuestionMark() {
    for (int pieces : new int[] {1, 100}) {
      assertThat(typed(EUC_KR, "가펲나", pieces)).isEqualTo("가?나".getBytes(EUC_KR));
      assertThat(typed(CP949, "a😀b", pieces)).isEqualTo("a?b".getBytes(CP949));
    }
    Recoding recoding = new Recoding(StandardCharsets.UTF_8, CP949);
    assertThat(recoding.recode(hex("ff 41 f0 9f 98 80"), 0, 6)).isEqualTo(hex("3f 41 3f"));
    assertThat(recoding.replacements()).isEqualTo(2);
    assertThat(recoding.recode(hex("ed 95 03"), 0, 3)).as("Ctrl-C").isEqualTo(hex("3f 03"));
  }

  @Test
  void anyBytesAreTheSameWhateverThePieces() {
    Random random = new Random(949);
    for (int round = 0; round < 300; round++) {
      byte[] bytes = new byte[1 + random.nextInt(400)];
      random.nextBytes(bytes);
      for (Charset encoding : new Charset[] {EUC_KR, CP949}) {
        String whole = shown(encoding, bytes, bytes.length);
        assertThat(shown(encoding, bytes, 1)).isEqualTo(whole);
        assertThat(shown(encoding, bytes, 3)).isEqualTo(whole);
        Recoding back = new Recoding(StandardCharsets.UTF_8, encoding);
        byte[] typed = recoded(back, bytes, bytes.length);
        Recoding again = new Recoding(StandardCharsets.UTF_8, encoding);
        assertThat(recoded(again, bytes, 1)).isEqualTo(typed);
        assertThat(typed.length).as("nothing typed grows").isLessThanOrEqualTo(bytes.length);
      }
    }
  }

  @Test
  void muchAtOncePasses() {
    String much = "한글 text ".repeat(20_000);
    assertThat(typed(CP949, much, much.length() * 3)).isEqualTo(much.getBytes(CP949));
    assertThat(shown(CP949, much.getBytes(CP949), 8_192)).isEqualTo(much);
  }
}
