package org.ongsung.fastcgi.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NameValuesTest {
  @Test
  void lengthsTakeOneByteUpTo127AndFourFrom128On() {
    String longest = "v".repeat(127);
    assertThat(hex(new NameValue("N", longest))).startsWith("017f4e76");
    assertThat(hex(new NameValue("N", longest + "v"))).startsWith("01800000804e76");
    assertThat(hex(new NameValue("n".repeat(300), ""))).startsWith("8000012c006e");
  }

  @Test
  void pairsAreReadAsTheyAreWritten() {
    Random random = new Random(5);
    List<NameValue> pairs = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      pairs.add(new NameValue(text(random, 200), text(random, 70_000)));
    }
    assertThat(NameValues.decode(ByteBuffer.wrap(NameValues.encode(pairs)), 200))
        .isEqualTo(new NameValues.Decoded(pairs));
  }

  @Test
  void noPairsAreNoPairs() {
    assertThat(NameValues.decode(ByteBuffer.allocate(0), 1))
        .isEqualTo(new NameValues.Decoded(List.of()));
  }

  @Test
  void theLimitIsInclusive() {
    byte[] two = NameValues.encode(List.of(new NameValue("a", "1"), new NameValue("b", "2")));
    assertThat(NameValues.decode(ByteBuffer.wrap(two), 2)).isInstanceOf(NameValues.Decoded.class);
    assertThat(NameValues.decode(ByteBuffer.wrap(two), 1)).isInstanceOf(NameValues.TooMany.class);
  }

  @Test
  void everyCutWithinAPairIsSeen() {
    byte[] pair = NameValues.encode(List.of(new NameValue("name", "v".repeat(200))));
    for (int length = 1; length < pair.length; length++) {
      assertThat(NameValues.decode(ByteBuffer.wrap(Arrays.copyOf(pair, length)), 9))
          .isInstanceOf(NameValues.CutShort.class);
    }
  }

  @Test
  void hugeLengthsAreSeenBeforeAnythingIsTakenForThem() {
    byte[] bytes = HexFormat.of().parseHex("ffffffffffffffff" + "00");
    assertThat(NameValues.decode(ByteBuffer.wrap(bytes), 9))
        .isInstanceOf(NameValues.CutShort.class);
  }

  @Test
  void randomBytesAreDecodedOrRefused() {
    Random random = new Random(13);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = new byte[random.nextInt(60)];
      random.nextBytes(bytes);
      assertThat(NameValues.decode(ByteBuffer.wrap(bytes), 100)).isNotNull();
    }
  }

  private static String text(Random random, int most) {
    byte[] bytes = new byte[random.nextInt(most)];
    random.nextBytes(bytes);
    return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  private static String hex(NameValue pair) {
    return HexFormat.of().formatHex(NameValues.encode(List.of(pair)));
  }
}
