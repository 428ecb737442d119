package org.ongsung.fastcgi.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecordParserTest {
  private static final HexFormat HEX = HexFormat.of();

  /// A record as a whole, for comparing.
  private record Whole(RecordHeader header, String content) {}

  @Test
  void readsTheSpecificationsExample() {
    // Appendix B.1: begin request 1, responder, flags 0; parameters in one record; empty stdin
    byte[] bytes =
        HEX.parseHex(
            "0101000100080000"
                + "0001000000000000"
                + "0104000100100300"
                + "0b01"
                + HEX.formatHex("SERVER_PORT8".getBytes(US_ASCII))
                + "0000"
                + "000000"
                + "0104000100000000"
                + "0105000100000000");
    assertThat(all(bytes, bytes.length))
        .containsExactly(
            new Whole(new RecordHeader(1, 1, 8, 0), "0001000000000000"),
            new Whole(
                new RecordHeader(4, 1, 16, 3),
                "0b01" + HEX.formatHex("SERVER_PORT8".getBytes(US_ASCII)) + "0000"),
            new Whole(new RecordHeader(4, 1, 0, 0), ""),
            new Whole(new RecordHeader(5, 1, 0, 0), ""));
  }

  @Test
  void readsTheSameOneByteAtATime() {
    byte[] bytes = stream(new Random(7), 50);
    assertThat(all(bytes, 1)).isEqualTo(all(bytes, bytes.length));
  }

  @Test
  void readsTheSameInAnyPieces() {
    Random random = new Random(11);
    byte[] bytes = stream(random, 200);
    List<Whole> expected = all(bytes, bytes.length);
    for (int piece = 2; piece < 3_000; piece += 1 + random.nextInt(200)) {
      assertThat(all(bytes, piece)).isEqualTo(expected);
    }
  }

  @Test
  void readsTheLongestRecord() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(HEX.parseHex("0105ffffffffff00"));
    out.writeBytes(new byte[65_535 + 255]);
    out.writeBytes(HEX.parseHex("0105000100000000"));
    List<Whole> records = all(out.toByteArray(), 10_000);
    assertThat(records).hasSize(2);
    assertThat(records.getFirst().header()).isEqualTo(new RecordHeader(5, 65_535, 65_535, 255));
    assertThat(records.getFirst().content()).hasSize(2 * 65_535);
  }

  @Test
  void keepsTypesThatNobodyHasDefined() {
    List<Whole> records = all(HEX.parseHex("01fe000000020100" + "abcd00"), 100);
    assertThat(records).containsExactly(new Whole(new RecordHeader(254, 0, 2, 1), "abcd"));
    assertThat(records.getFirst().header().type()).isNull();
  }

  @Test
  void anotherVersionIsMalformedFromItsFirstByteOn() {
    RecordParser parser = new RecordParser();
    ByteBuffer input = ByteBuffer.wrap("GET / HTTP/1.1".getBytes(US_ASCII));
    assertThat(parser.next(input))
        .isEqualTo(new Parsed.Malformed("a record starts with byte 0x47 where version 1 belongs"));
    assertThat(parser.next(ByteBuffer.wrap(new byte[] {1}))).isInstanceOf(Parsed.Malformed.class);
  }

  @Test
  void knowsWhereAPeerMayHangUp() {
    RecordParser parser = new RecordParser();
    assertThat(parser.atRecordStart()).isTrue();
    parser.next(ByteBuffer.wrap(new byte[] {1}));
    assertThat(parser.atRecordStart()).isFalse();
  }

  @Test
  void randomBytesNeverDoWorseThanMalformed() {
    Random random = new Random(3);
    for (int round = 0; round < 5_000; round++) {
      byte[] bytes = new byte[random.nextInt(300)];
      random.nextBytes(bytes);
      for (int i = 0; i < bytes.length; i += 9 + random.nextInt(30)) {
        bytes[i] = 1;
      }
      RecordParser parser = new RecordParser();
      ByteBuffer input = ByteBuffer.wrap(bytes);
      Parsed parsed = parser.next(input);
      int steps = 0;
      while (parsed instanceof Parsed.Fragment fragment && steps++ < 1_000) {
        assertThat(fragment.content().remaining())
            .isLessThanOrEqualTo(fragment.header().contentLength());
        parsed = parser.next(input);
      }
      assertThat(parsed).isNotInstanceOf(Parsed.Fragment.class);
      assertThat(parsed instanceof Parsed.Malformed || !input.hasRemaining()).isTrue();
    }
  }

  @Test
  void headersHoldOnlyWhatFits() {
    assertThatThrownBy(() -> new RecordHeader(256, 0, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RecordHeader(0, 65_536, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RecordHeader(0, 0, 65_536, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RecordHeader(0, 0, 0, 256))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static byte[] stream(Random random, int records) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < records; i++) {
      int length = random.nextInt(4) == 0 ? 0 : random.nextInt(400);
      int padding = random.nextInt(3) == 0 ? random.nextInt(256) : 0;
      out.writeBytes(
          new byte[] {
            1,
            (byte) random.nextInt(256),
            0,
            9,
            (byte) (length >> 8),
            (byte) length,
            (byte) padding,
            0
          });
      byte[] content = new byte[length + padding];
      random.nextBytes(content);
      out.writeBytes(content);
    }
    return out.toByteArray();
  }

  /// All records of `bytes`, which arrive in pieces of `piece` bytes.
  private static List<Whole> all(byte[] bytes, int piece) {
    RecordParser parser = new RecordParser();
    List<Whole> records = new ArrayList<>();
    StringBuilder content = new StringBuilder();
    for (int at = 0; at < bytes.length; at += piece) {
      ByteBuffer input = ByteBuffer.wrap(bytes, at, Math.min(piece, bytes.length - at));
      while (parser.next(input) instanceof Parsed.Fragment fragment) {
        byte[] part = new byte[fragment.content().remaining()];
        fragment.content().get(part);
        content.append(HEX.formatHex(part));
        if (fragment.last()) {
          records.add(new Whole(fragment.header(), content.toString()));
          content.setLength(0);
        }
      }
    }
    assertThat(parser.atRecordStart() || content.isEmpty()).isTrue();
    return records;
  }
}
